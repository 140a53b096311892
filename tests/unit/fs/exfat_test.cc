#include "fs/exfat.h"

#include <boost/test/unit_test.hpp>

#include "unit/fs/fs_builders.h"

namespace drydock::fs {
namespace {

// 100 clusters of one 512-byte sector and two sectors behind them: bitmap in 2, up-case table in 3,
// root folder in 4, a file in 5 and 7 by the FAT, a folder in 6 with a file in 8 and 9, which
// follow each other. Cluster 20 is bad.
struct ExfatTestVolume {
  static constexpr std::uint64_t kFat = std::uint64_t{24} * 512;
  static constexpr std::uint64_t kHeap = std::uint64_t{32} * 512;
  static constexpr std::uint64_t kClusters = 100;
  static constexpr std::uint32_t kEnd = 0xFFFFFFFF;
  static constexpr std::uint8_t kByFat = 1;
  static constexpr std::uint8_t kInARow = 3;

  ExfatTestVolume() {
    test::put_text(disk, 3, "EXFAT   ");
    test::put64(disk, 72, 32 + kClusters);
    test::put32(disk, 80, 24);
    test::put32(disk, 84, 8);
    test::put32(disk, 88, 32);
    test::put32(disk, 92, kClusters);
    test::put32(disk, 96, 4);
    test::put32(disk, 100, 0xCAFE1234);
    test::put16(disk, 104, 0x0100);
    byte(108) = 9;
    byte(110) = 1;
    test::put16(disk, 510, 0xAA55);
    seal();

    for (const std::uint32_t used : {2u, 3u, 4u, 5u, 6u, 7u, 8u, 9u, 20u}) use(used, true);
    for (const std::uint32_t single : {2u, 3u, 4u}) link(single, kEnd);
    link(5, 7);
    link(7, kEnd);
    link(20, 0xFFFFFFF7);

    byte(at(4)) = 0x83;
    byte(at(4) + 1) = 4;
    test::put_text(disk, at(4) + 2, std::string_view("T\0I\0N\0Y\0", 8));
    root_entry(1, 0x81, 2, 13);
    root_entry(2, 0x82, 3, 300);
    file(at(4) + 96, 0, kByFat, 5, 1000);
    file(at(4) + 192, 0x10, kInARow, 6, 512);
    file(at(6), 0, kInARow, 8, 600);
  }

  void seal() {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < std::size_t{11} * 512; ++i)
      if (i != 106 && i != 107 && i != 112) sum = (sum << 31 | sum >> 1) + byte(i);
    for (std::size_t i = 0; i < 512; i += 4) test::put32(disk, std::uint64_t{11} * 512 + i, sum);
  }

  std::uint8_t& byte(std::uint64_t offset) {
    return reinterpret_cast<std::uint8_t&>(disk.content()[offset]);
  }
  static std::uint64_t at(std::uint64_t cluster) { return kHeap + (cluster - 2) * 512; }
  void link(std::uint32_t cluster, std::uint32_t next) {
    test::put32(disk, kFat + std::uint64_t{cluster} * 4, next);
  }
  void use(std::uint32_t cluster, bool used) {
    const auto bit = static_cast<std::uint8_t>(1u << (cluster - 2) % 8);
    std::uint8_t& bits = byte(at(2) + (cluster - 2) / 8);
    bits = static_cast<std::uint8_t>(used ? bits | bit : bits & ~bit);
  }
  void root_entry(unsigned index, std::uint8_t type, std::uint32_t cluster, std::uint64_t bytes) {
    const std::uint64_t entry = at(4) + std::uint64_t{index} * 32;
    byte(entry) = type;
    test::put32(disk, entry + 20, cluster);
    test::put64(disk, entry + 24, bytes);
  }
  // The entry set of a file or folder without a name.
  void file(std::uint64_t entry, std::uint16_t attributes, std::uint8_t flags,
            std::uint32_t cluster, std::uint64_t bytes) {
    byte(entry) = 0x85;
    byte(entry + 1) = 2;
    test::put16(disk, entry + 4, attributes);
    byte(entry + 32) = 0xC0;
    byte(entry + 33) = flags;
    test::put32(disk, entry + 32 + 20, cluster);
    test::put64(disk, entry + 32 + 24, bytes);
    byte(entry + 64) = 0xC1;
  }

  std::string reason() const {
    const auto used = used_exfat(disk);
    return used ? "" : used.error().what;
  }

  io::MemoryDisk disk{kHeap + (kClusters + 2) * 512};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_exfat)

BOOST_AUTO_TEST_CASE(maps_what_the_bitmap_calls_used) {
  const ExfatTestVolume volume;
  BOOST_TEST(volume.reason() == "");
  const ExtentMap expected = ExtentMap::from({{0, ExfatTestVolume::at(10)},
                                              {ExfatTestVolume::at(20), 512},
                                              {ExfatTestVolume::at(102), std::uint64_t{2} * 512}});
  BOOST_TEST((used_exfat(volume.disk).value() == expected));
}

BOOST_AUTO_TEST_CASE(tells_what_the_volume_says) {
  const ExfatTestVolume volume;
  const auto info = probe_exfat(volume.disk).value().value();
  BOOST_TEST(info.filesystem == "exFAT");
  BOOST_TEST(info.label == "TINY");
  BOOST_TEST(info.uuid == "CAFE-1234");
  BOOST_TEST(info.cluster == 512u);
  BOOST_TEST(info.total == (32 + ExfatTestVolume::kClusters) * 512);
  BOOST_TEST(info.free == (ExfatTestVolume::kClusters - 9) * 512);
  BOOST_TEST((info.state == VolumeState::clean));
}

BOOST_AUTO_TEST_CASE(every_cluster_of_a_file_that_is_called_free_means_the_whole_volume) {
  for (std::uint32_t cluster = 2; cluster <= 9; ++cluster) {
    ExfatTestVolume volume;
    volume.use(cluster, false);
    BOOST_TEST(volume.reason().contains("free, but a file has it"), cluster);
  }
}

BOOST_AUTO_TEST_CASE(texfat_is_not_known) {
  ExfatTestVolume two;
  two.byte(110) = 2;
  two.seal();
  BOOST_TEST(two.reason().contains("TexFAT"));
  ExfatTestVolume second;
  test::put16(second.disk, 106, 1);
  BOOST_TEST(second.reason().contains("TexFAT"));
  ExfatTestVolume bitmaps;
  bitmaps.root_entry(0, 0x81, 2, 13);
  BOOST_TEST(bitmaps.reason().contains("exactly one allocation bitmap"));
}

BOOST_AUTO_TEST_CASE(what_is_unknown_means_the_whole_volume) {
  ExfatTestVolume revision;
  test::put16(revision.disk, 104, 0x0101);
  revision.seal();
  BOOST_TEST(revision.reason().contains("revision 1.01 is unknown"));
  ExfatTestVolume flags;
  test::put16(flags.disk, 106, 0x10);
  BOOST_TEST(flags.reason().contains("flags that Drydock does not know"));
  ExfatTestVolume entry;
  entry.root_entry(0, 0x86, 0, 0);
  BOOST_TEST(entry.reason().contains("unknown type 0x86"));
}

BOOST_AUTO_TEST_CASE(dirty_or_failing_means_the_whole_volume) {
  ExfatTestVolume volume;
  test::put16(volume.disk, 106, 2);
  BOOST_TEST(volume.reason().contains("not unmounted cleanly"));
  BOOST_TEST((probe_exfat(volume.disk).value().value().state == VolumeState::needs_check));
  test::put16(volume.disk, 106, 4);
  BOOST_TEST(volume.reason().contains("read or write errors"));
  test::put16(volume.disk, 106, 8);  // clear-to-zero tells nothing
  BOOST_TEST(volume.reason() == "");
}

BOOST_AUTO_TEST_CASE(newer_entries_with_clusters_are_checked) {
  ExfatTestVolume volume;
  const std::uint64_t entry = ExfatTestVolume::at(6) + 96;
  volume.byte(entry) = 0xE1;  // a vendor's allocation
  volume.byte(entry + 1) = ExfatTestVolume::kInARow;
  test::put32(volume.disk, entry + 20, 50);
  test::put64(volume.disk, entry + 24, 512);
  BOOST_TEST(volume.reason().contains("calls cluster 50 free"));
  volume.byte(entry + 1) = 0;  // it has none
  BOOST_TEST(volume.reason() == "");
}

BOOST_AUTO_TEST_CASE(a_stream_counts_whatever_its_flags_say) {
  ExfatTestVolume volume;
  volume.file(ExfatTestVolume::at(6), 0, 0, 50, 600);
  BOOST_TEST(volume.reason().contains("calls cluster 50 free"));
}

BOOST_AUTO_TEST_CASE(shared_clusters_and_loops_end) {
  ExfatTestVolume shared;
  for (unsigned i = 0; i < 2; ++i)
    shared.file(ExfatTestVolume::at(6) + std::uint64_t{i} * 96, 0, ExfatTestVolume::kInARow, 7,
                1024);
  BOOST_TEST(shared.reason() == "its bitmap calls 9 clusters used, but its files have 10 or more");
  ExfatTestVolume loop;
  loop.link(7, 5);
  loop.file(ExfatTestVolume::at(6), 0, ExfatTestVolume::kByFat, 5, 40'000);
  BOOST_TEST(loop.reason().contains("or more"));
  ExfatTestVolume folders;
  folders.file(ExfatTestVolume::at(6), 0x10, ExfatTestVolume::kInARow, 6, 512);
  BOOST_TEST(folders.reason().contains("two folders"));
  ExfatTestVolume root;
  root.file(ExfatTestVolume::at(6), 0x10, ExfatTestVolume::kInARow, 4, 512);
  BOOST_TEST(root.reason().contains("two folders"));
}

BOOST_AUTO_TEST_CASE(chains_that_leave_the_volume_mean_the_whole_volume) {
  for (const std::uint32_t next : {0u, 1u, 102u, 0xFFFFFFF7u}) {
    ExfatTestVolume volume;
    volume.link(5, next);
    BOOST_TEST(volume.reason().contains("which is none"), next);
  }
  ExfatTestVolume early;
  early.link(5, ExfatTestVolume::kEnd);
  BOOST_TEST(early.reason().contains("which is none"));
  ExfatTestVolume outside;
  outside.file(ExfatTestVolume::at(6), 0, ExfatTestVolume::kInARow, 100, 1600);
  BOOST_TEST(outside.reason().contains("outside the volume"));
  ExfatTestVolume large;
  large.file(ExfatTestVolume::at(6), 0, ExfatTestVolume::kByFat, 5, UINT64_MAX - 1);
  BOOST_TEST(large.reason().contains("larger than the volume"));
}

BOOST_AUTO_TEST_CASE(sizes_that_do_not_fit_mean_the_whole_volume) {
  ExfatTestVolume bitmap;
  bitmap.root_entry(1, 0x81, 2, 12);
  BOOST_TEST(bitmap.reason() == "its bitmap has 12 bytes but its 100 clusters need 13");
  ExfatTestVolume percent;
  percent.byte(112) = 101;
  BOOST_TEST(percent.reason().contains("percentage in use"));
  ExfatTestVolume clusters;
  test::put32(clusters.disk, 92, 101);
  clusters.seal();
  BOOST_TEST(clusters.reason().contains("cluster count"));
  ExfatTestVolume sectors;
  test::put64(sectors.disk, 72, UINT64_MAX / 4);
  sectors.seal();
  BOOST_TEST(sectors.reason().contains("more than the volume"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
