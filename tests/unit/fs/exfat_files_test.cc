#include "fs/exfat_files.h"

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <cstring>

#include "fs/exfat.h"
#include "io/faulty.h"
#include "unit/fs/cluster_listing.h"
#include "unit/fs/exfat_builder.h"

namespace drydock::fs {
namespace {

using test::ExfatVolume;
using ExfatNames = std::vector<std::string>;

// In ExfatVolume's root: "by the FAT" in clusters 5 and 7, "folder" in 6 with "in a row" in 8
// and 9. A file's clusters hold their number in every byte.
struct ExfatFilesVolume : ExfatVolume {
  ExfatFilesVolume() {
    named(first_set(), u"by the FAT", 0, kByFat, 5, 1000, 1000);
    named(folder_set(), u"folder", 0x10, kInARow, 6, 512, 512);
    named(at(6), u"in a row", 0x21, kInARow, 8, 600, 600);
    for (const std::uint64_t cluster : {5u, 7u, 8u, 9u})
      std::ranges::fill(disk.content().subspan(at(cluster), 512), static_cast<std::byte>(cluster));
  }

  static std::uint64_t first_set() { return at(4) + 96; }
  static std::uint64_t folder_set() { return at(4) + 192; }
  static std::uint64_t behind() { return at(4) + 288; }  // 7 more entries in the root's cluster
};

void with_exfat_files(const io::BlockSource& volume, const std::function<void(Files&)>& use) {
  unsigned visits = 0;
  const auto visited =
      files_exfat(volume, [&](Files& files, const FileNode& root, std::string_view path) {
        BOOST_TEST(path == "");
        BOOST_TEST((root.kind == FileNode::Kind::folder));
        ++visits;
        use(files);
        return Result<bool>(true);
      });
  BOOST_TEST(visited.has_value());
  BOOST_TEST(visits == 1u);
}

std::string why_no_exfat_files(const io::BlockSource& volume) {
  const auto visited = files_exfat(
      volume, [](Files&, const FileNode&, std::string_view) { return Result<bool>(true); });
  return visited ? "" : visited.error().what;
}

ExfatNames exfat_root(const ExfatVolume& volume) {
  ExfatNames names;
  with_exfat_files(volume.disk, [&](Files& files) { names = test::names_in_root(files); });
  return names;
}

std::string exfat_pieces(const ExfatVolume& volume, std::string_view path) {
  std::string pieces;
  with_exfat_files(volume.disk, [&](Files& files) { pieces = test::pieces_at(files, path); });
  return pieces;
}

std::string at_cluster(std::uint64_t cluster) {
  return std::to_string(ExfatVolume::at(cluster));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_exfat_files)

BOOST_AUTO_TEST_CASE(lists_reads_and_places_files) {
  const ExfatFilesVolume volume;
  with_exfat_files(volume.disk, [&](Files& files) {
    BOOST_TEST((test::names_in_root(files) == ExfatNames{"by the FAT", "folder"}));
    const FileNode folder = test::node_at(files, "folder");
    BOOST_TEST((folder.kind == FileNode::Kind::folder));
    BOOST_TEST(folder.bytes == 512u);
    BOOST_TEST((test::names_in(files, folder) == ExfatNames{"in a row"}));
    BOOST_TEST(test::text_at(files, "by the FAT") == std::string(512, 5) + std::string(488, 7));
    BOOST_TEST(test::text_at(files, "Folder/IN A ROW") == std::string(512, 8) + std::string(88, 9));
    BOOST_TEST(test::pieces_at(files, "by the FAT") ==
               "0+512@" + at_cluster(5) + " 512+488@" + at_cluster(7) + " ");
    BOOST_TEST(test::pieces_at(files, "folder/in a row") == "0+600@" + at_cluster(8) + " ");
    BOOST_TEST(test::pieces_at(files, "folder") == "0+512@" + at_cluster(6) + " ");
    const FileNode file = test::node_at(files, "by the FAT");
    std::array<std::byte, 100> some{};
    for (const std::uint64_t offset : {900u, 450u, 512u}) {
      BOOST_TEST(files.read(file, offset, some).has_value());
      BOOST_TEST(std::to_integer<int>(some.front()) == (offset < 512 ? 5 : 7));
      BOOST_TEST(std::to_integer<int>(some.back()) == 7);
    }
    BOOST_TEST(!files.read(file, 901, some).has_value());
    BOOST_TEST(!files.list(file, [](auto, auto) { return true; }).has_value());
  });
}

BOOST_AUTO_TEST_CASE(a_node_is_read_again_from_its_number) {
  const ExfatFilesVolume volume;
  with_exfat_files(volume.disk, [&](Files& files) {
    for (const char* path : {"", "by the FAT", "folder", "folder/in a row"}) {
      const FileNode node = test::node_at(files, path);
      const FileNode again = files.node(node.id).value();
      BOOST_TEST((again.kind == node.kind && again.id == node.id && again.bytes == node.bytes));
    }
    for (const std::uint64_t id : {ExfatVolume::at(2), ExfatVolume::at(4) + 96, std::uint64_t{1},
                                   ExfatVolume::at(4) + 130, ExfatVolume::at(102), UINT64_MAX})
      BOOST_TEST(!files.node(id).has_value());
  });
}

BOOST_AUTO_TEST_CASE(what_was_never_written_reads_as_zeros_and_lies_nowhere) {
  ExfatFilesVolume volume;
  volume.named(volume.first_set(), u"by the FAT", 0, ExfatVolume::kByFat, 5, 1000, 600);
  with_exfat_files(volume.disk, [&](Files& files) {
    BOOST_TEST(test::text_at(files, "by the FAT") ==
               std::string(512, 5) + std::string(88, 7) + std::string(400, 0));
    BOOST_TEST(test::pieces_at(files, "by the FAT") ==
               "0+512@" + at_cluster(5) + " 512+88@" + at_cluster(7) + " ");
    std::array<std::byte, 100> some{};
    some.fill(std::byte{1});
    BOOST_TEST(files.read(test::node_at(files, "by the FAT"), 700, some).has_value());
    BOOST_TEST(all_zero(some));
  });
  volume.named(volume.first_set(), u"by the FAT", 0, ExfatVolume::kByFat, 5, 1000, 0);
  BOOST_TEST(exfat_pieces(volume, "by the FAT") == "");
  // More than the file has: no more than that.
  volume.named(volume.first_set(), u"by the FAT", 0, ExfatVolume::kByFat, 5, 1000, 1024);
  BOOST_TEST(exfat_pieces(volume, "by the FAT") ==
             "0+512@" + at_cluster(5) + " 512+488@" + at_cluster(7) + " ");
}

BOOST_AUTO_TEST_CASE(names_of_several_entries) {
  ExfatFilesVolume volume;
  const std::u16string name = u"Größe 😀 and a name that needs three of them";
  volume.named(volume.behind(), name, 0, ExfatVolume::kInARow, 0, 0, 0);
  BOOST_TEST((exfat_root(volume) ==
              ExfatNames{"by the FAT", "folder", "Größe 😀 and a name that needs three of them"}));
  volume.named(volume.behind(), std::u16string{0xD800, u'x', 0xDC00}, 0, 0, 0, 0, 0);
  BOOST_TEST((exfat_root(volume) == ExfatNames{"by the FAT", "folder", "\uFFFDx\uFFFD"}));
}

// The root in clusters 4 and 30; a set begins in one and ends in the other.
BOOST_AUTO_TEST_CASE(a_set_may_lie_in_two_clusters) {
  for (unsigned before = 1; before < 4; ++before) {
    ExfatFilesVolume volume;
    volume.link(4, 30);
    volume.link(30, ExfatVolume::kEnd);
    const std::uint64_t scratch = ExfatVolume::at(50);
    volume.named(scratch, u"over the border, indeed", 0x10, ExfatVolume::kInARow, 6, 512, 512);
    for (std::uint64_t at = volume.behind(); at < ExfatVolume::at(5); at += 32)
      volume.byte(at) = 0x05;
    const auto copy = [&](std::uint64_t from, std::uint64_t to, std::uint64_t entries) {
      std::ranges::copy(volume.disk.content().subspan(from, entries * 32),
                        volume.disk.content().begin() + static_cast<std::ptrdiff_t>(to));
    };
    copy(scratch, ExfatVolume::at(5) - before * 32, before);
    copy(scratch + before * 32, ExfatVolume::at(30), 4 - before);
    with_exfat_files(volume.disk, [&](Files& files) {
      BOOST_TEST((test::names_in_root(files) ==
                  ExfatNames{"by the FAT", "folder", "over the border, indeed"}));
      const FileNode folder = test::node_at(files, "over the border, indeed");
      BOOST_TEST((files.node(folder.id).value().kind == FileNode::Kind::folder));
      BOOST_TEST((test::names_in(files, folder) == ExfatNames{"in a row"}));
    });
  }
}

BOOST_AUTO_TEST_CASE(sets_that_are_damaged_are_left_out_and_told) {
  const std::string damaged = "Error: entries of folder 0 are damaged";
  const auto listed = [](auto change) {
    ExfatFilesVolume volume;
    change(volume, volume.first_set());
    return exfat_root(volume);
  };
  const ExfatNames without{"folder", damaged};
  // Checksum: any byte of the set but its own.
  for (const std::uint64_t byte : {4u, 40u, 60u, 66u, 95u})
    BOOST_TEST((listed([&](auto& v, auto at) { v.byte(at + byte) ^= 1; }) == without));
  BOOST_TEST((listed([](auto& v, auto at) { v.byte(at + 2) ^= 1; }) == without));
  // Cut: one of its entries deleted, or another there.
  for (const std::uint64_t entry : {32u, 64u}) {
    BOOST_TEST((listed([&](auto& v, auto at) { v.byte(at + entry) &= 0x7F; }) == without));
    BOOST_TEST((listed([&](auto& v, auto at) { v.byte(at + entry) = 0x83; }) == without));
    BOOST_TEST((listed([&](auto& v, auto at) { v.byte(at + entry) = 0; }) == ExfatNames{damaged}));
  }
  // Sealed, but with too few entries, no stream first, or a name longer than its entries.
  const auto sealed = [&](std::uint64_t byte, std::uint8_t value) {
    return listed([&](auto& v, auto at) {
      v.byte(at + byte) = value;
      v.seal_set(at);
    });
  };
  BOOST_TEST((sealed(1, 0) == without));
  BOOST_TEST((sealed(1, 1) == without));
  BOOST_TEST((sealed(32, 0xC1) == without));
  BOOST_TEST((sealed(35, 16) == without));
  BOOST_TEST((sealed(35, 0) == without));
  BOOST_TEST((sealed(66, '/') == without));
  // More entries than there are.
  BOOST_TEST((sealed(1, 200) == without));
  // What is deleted, or newer than this, is no damage.
  BOOST_TEST((listed([](auto& v, auto at) {
                for (const std::uint64_t entry : {0u, 32u, 64u}) v.byte(at + entry) &= 0x7F;
              }) == ExfatNames{"folder"}));
  BOOST_TEST((listed([](auto& v, auto at) { v.byte(at) = 0xA5; }) == ExfatNames{"folder"}));
}

BOOST_AUTO_TEST_CASE(entries_of_newer_systems_are_passed_over) {
  ExfatFilesVolume volume;
  volume.named(volume.behind(), u"new", 0, ExfatVolume::kInARow, 50, 100, 100);
  volume.byte(volume.behind() + 1) = 3;
  volume.byte(volume.behind() + 96) = 0xE0;
  volume.seal_set(volume.behind());
  BOOST_TEST((exfat_root(volume) == ExfatNames{"by the FAT", "folder", "new"}));
  BOOST_TEST(exfat_pieces(volume, "new") == "0+100@" + at_cluster(50) + " ");
}

BOOST_AUTO_TEST_CASE(chains_that_are_broken_end_in_an_error) {
  const auto told = [](auto change) {
    ExfatFilesVolume volume;
    volume.link(7, 8);
    volume.link(8, ExfatVolume::kEnd);
    volume.named(volume.first_set(), u"by the FAT", 0, ExfatVolume::kByFat, 5, 1500, 1500);
    change(volume);
    with_exfat_files(volume.disk, [&](Files& files) {
      BOOST_TEST(test::text_at(files, "by the FAT").starts_with("Error: "));
    });
    return exfat_pieces(volume, "by the FAT");
  };
  BOOST_TEST(told([](auto& v) {
               v.link(7, 5);
             }).starts_with("Error: a chain of its clusters leads in a circle"));
  BOOST_TEST(told([](auto& v) {
               v.link(5, 5);
             }).starts_with("Error: a chain of its clusters leads in a circle"));
  for (const std::uint32_t next : {0u, 1u, 102u, 0xFFFFFFF7u})
    BOOST_TEST(told([&](auto& v) { v.link(7, next); }) ==
               "0+512@" + at_cluster(5) + " 512+512@" + at_cluster(7) +
                   " Error: a chain of it leads from cluster 7 to " + std::to_string(next) +
                   ", which is none");
  BOOST_TEST(told([](auto& v) { v.link(7, ExfatVolume::kEnd); }) ==
             "0+512@" + at_cluster(5) + " 512+512@" + at_cluster(7) +
                 " Error: a chain of its clusters ends too soon");
  const auto set = [&](std::uint8_t flags, std::uint32_t cluster, std::uint64_t bytes) {
    return told(
        [&](auto& v) { v.named(v.first_set(), u"by the FAT", 0, flags, cluster, bytes, bytes); });
  };
  BOOST_TEST(set(ExfatVolume::kInARow, 100, 1025).contains("leads to cluster 102"));
  BOOST_TEST(set(ExfatVolume::kInARow, 1, 5).contains("leads to cluster 1,"));
  BOOST_TEST(set(ExfatVolume::kByFat, 0, 5).contains("leads to cluster 0,"));
}

BOOST_AUTO_TEST_CASE(a_file_larger_than_the_volume_is_not_followed) {
  ExfatFilesVolume volume;
  for (const std::uint8_t flags : {ExfatVolume::kByFat, ExfatVolume::kInARow}) {
    volume.named(volume.first_set(), u"by the FAT", 0, flags, 5, UINT64_MAX, UINT64_MAX);
    BOOST_TEST(exfat_pieces(volume, "by the FAT").contains("is larger than the volume"));
  }
}

BOOST_AUTO_TEST_CASE(folders_that_are_broken_tell_what_they_have) {
  ExfatFilesVolume volume;
  // An unused entry in place of the end.
  for (std::uint64_t at = volume.behind(); at < ExfatVolume::at(5); at += 32) volume.byte(at) = 5;
  BOOST_TEST((exfat_root(volume) == ExfatNames{"by the FAT", "folder"}));
  volume.link(4, 4);
  BOOST_TEST((exfat_root(volume) ==
              ExfatNames{"by the FAT", "folder",
                         "Error: a chain of its clusters leads in a circle (cluster 4)"}));
  volume.link(4, 1);
  BOOST_TEST((exfat_root(volume) ==
              ExfatNames{"by the FAT", "folder",
                         "Error: a chain of it leads from cluster 4 to 1, which is none"}));
}

BOOST_AUTO_TEST_CASE(entries_that_cannot_be_read_hide_no_others) {
  ExfatFilesVolume volume;
  // The root goes on in 30 and 31; the one between is lost, and with it the end of a set.
  volume.link(4, 30);
  volume.link(30, 31);
  volume.link(31, ExfatVolume::kEnd);
  for (std::uint64_t at = volume.behind(); at < ExfatVolume::at(5); at += 32) volume.byte(at) = 5;
  volume.byte(ExfatVolume::at(5) - 32) = 0x85;
  volume.named(ExfatVolume::at(31), u"later", 0, 0, 0, 0, 0);
  io::Faults faults;
  faults.unreadable.add({ExfatVolume::at(30), 512});
  const io::FaultySource faulty(volume.disk, faults);
  with_exfat_files(faulty, [&](Files& files) {
    BOOST_TEST(
        (test::names_in_root(files) ==
         ExfatNames{"by the FAT", "folder", "later",
                    std::string("Error: a folder cannot be read (") + std::strerror(EIO) + ")"}));
  });
}

BOOST_AUTO_TEST_CASE(what_a_map_refuses_is_listed_all_the_same) {
  ExfatFilesVolume volume;
  test::put16(volume.disk, 106, 0x10 | 2 | 4);  // an unknown flag, dirty, failing
  volume.byte(3 * 512) = 1;                     // the checksum is wrong
  volume.use(5, false);
  BOOST_TEST(!used_exfat(volume.disk).has_value());
  BOOST_TEST((exfat_root(volume) == ExfatNames{"by the FAT", "folder"}));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_safely_is_refused) {
  ExfatFilesVolume revision;
  test::put16(revision.disk, 104, 0x0200);
  BOOST_TEST(why_no_exfat_files(revision.disk).contains("revision 2.00 is unknown"));
  ExfatFilesVolume second;
  test::put16(second.disk, 106, 1);
  BOOST_TEST(why_no_exfat_files(second.disk).contains("TexFAT"));
  ExfatFilesVolume clusters;
  test::put32(clusters.disk, 92, 101);
  BOOST_TEST(why_no_exfat_files(clusters.disk).contains("cluster count"));
  BOOST_TEST(why_no_exfat_files(io::MemoryDisk(4096)) == "its boot sector has gone");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
