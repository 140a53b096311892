#include "fs/exfat.h"

#include <boost/test/unit_test.hpp>

#include "unit/fs/exfat_builder.h"

namespace drydock::fs {
namespace {

struct ExfatTestVolume : test::ExfatVolume {
  std::string reason() const { return test::reason(used_exfat(disk)); }
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
