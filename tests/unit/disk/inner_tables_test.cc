#include "disk/inner_tables.h"

#include <boost/test/unit_test.hpp>

#include "disk/layout.h"
#include "io/faulty.h"
#include "unit/disk/tables.h"

namespace drydock::disk::test {
namespace {

constexpr std::uint64_t kSectors = 4096;
constexpr std::string_view kDynamicGuid = "af9b60a0-1431-4f62-bc68-3311714a69ad";

void put_label(io::MemoryDisk& disk, std::uint64_t start) {
  for (const std::uint64_t magic : {std::uint64_t{0}, std::uint64_t{132}})
    store_le<std::uint32_t>(&disk.content()[(start + 1) * 512 + magic], 0x82564557);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(disk_inner_tables)

BOOST_AUTO_TEST_CASE(a_slice_with_a_disklabel_is_kept_whole) {
  io::MemoryDisk disk(kSectors * 512);
  put_mbr(disk, 0, {{0xA5, 100, 1000}, {0xA6, 2000, 1000}, {0x83, 3000, 1}});
  put_label(disk, 100);
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "1:100+1000 2:2000+1000 3:3000+1");
  BOOST_TEST(layout->partitions[0].whole_reason == "it is divided further by a BSD disklabel");
  BOOST_TEST(layout->partitions[1].whole_reason == "");
  BOOST_TEST(layout->notes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_disk_with_a_disklabel_and_no_other_table_is_kept_whole) {
  io::MemoryDisk disk(kSectors * 512);
  put_label(disk, 0);
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST((layout->table == TableKind::none));
  BOOST_TEST(layout->partitions[0].whole_reason != "");
  BOOST_TEST(notes(*layout) ==
             "the disk is divided further by a BSD disklabel; it is kept whole\n");
}

BOOST_AUTO_TEST_CASE(half_a_label_is_none) {
  io::MemoryDisk disk(kSectors * 512);
  put_label(disk, 0);
  scribble(disk, 512 + 132, 4, 0);
  BOOST_TEST(read_layout(disk)->partitions[0].whole_reason == "");
}

BOOST_AUTO_TEST_CASE(a_windows_dynamic_disk_is_kept_whole) {
  io::MemoryDisk disk(kSectors * 512);
  put_mbr(disk, 0, {{0x42, 100, 1000}});
  BOOST_TEST(read_layout(disk)->partitions[0].whole_reason.contains("dynamic disk"));
  put_gpt(disk, {.parts = {{100, 999, kDynamicGuid}, {1000, 1999}}});
  const auto layout = read_layout(disk);
  BOOST_TEST(layout->partitions[0].whole_reason.contains("dynamic disk"));
  BOOST_TEST(layout->partitions[1].whole_reason == "");
}

BOOST_AUTO_TEST_CASE(a_bad_sector_there_says_nothing) {
  io::MemoryDisk disk(kSectors * 512);
  put_mbr(disk, 0, {{0xA5, 100, 1000}});
  put_label(disk, 100);
  const io::FaultySource faulty(disk, {.unreadable = ExtentMap::from({{101 * 512, 512}})});
  BOOST_TEST(read_layout(faulty)->partitions[0].whole_reason == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::disk::test
