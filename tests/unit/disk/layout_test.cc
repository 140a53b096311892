#include "disk/layout.h"

#include <boost/test/unit_test.hpp>

#include "io/faulty.h"
#include "unit/disk/tables.h"

namespace drydock::disk::test {
namespace {

void check_no_table(const io::BlockSource& disk) {
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST((layout->table == TableKind::none));
  BOOST_REQUIRE(layout->partitions.size() == 1u);
  BOOST_TEST(layout->partitions[0].number == 0u);
  BOOST_TEST((layout->partitions[0].extent == Extent{0, disk.geometry().bytes}));
  BOOST_TEST(layout->table_areas.empty());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(disk_layout)

BOOST_AUTO_TEST_CASE(an_empty_disk_is_one_volume) {
  check_no_table(io::MemoryDisk(kSectors * 512));
  check_no_table(io::MemoryDisk(512));
  check_no_table(io::MemoryDisk(511));
  check_no_table(io::MemoryDisk(std::uint64_t{0}));
}

BOOST_AUTO_TEST_CASE(a_filesystem_on_the_whole_disk_is_not_a_table) {
  io::MemoryDisk disk(kSectors * 512);
  put_fat_boot_sector(disk);
  check_no_table(disk);
  // Boot code and messages where a table would have its entries.
  scribble(disk, 446, 64, 'e');
  check_no_table(disk);
}

BOOST_AUTO_TEST_CASE(a_filesystem_whose_text_looks_like_flags_is_not_a_table) {
  io::MemoryDisk disk(kSectors * 512);
  put_fat_boot_sector(disk);
  put_mbr(disk, 0, {{0x20, 0x20202020, 0x20202020}});  // not a place on this disk
  check_no_table(disk);
  put_mbr(disk, 0, {{0x83, 0, 100}});  // would begin in the boot sector itself
  check_no_table(disk);
}

BOOST_AUTO_TEST_CASE(an_old_boot_sector_under_a_good_table_is_a_table) {
  // Partitioning tools leave the first 440 bytes alone.
  io::MemoryDisk disk(kSectors * 512);
  put_fat_boot_sector(disk);
  put_mbr(disk, 0, {{0x0C, 2048, 2048}}, 7);
  const auto layout = read_layout(disk);
  BOOST_TEST((layout->table == TableKind::mbr));
  BOOST_TEST(outline(*layout) == "1:2048+2048");
}

BOOST_AUTO_TEST_CASE(a_boot_record_without_partitions_is_one_volume) {
  io::MemoryDisk disk(kSectors * 512);
  put_mbr(disk, 0, {}, 0x12345678);
  check_no_table(disk);
}

BOOST_AUTO_TEST_CASE(a_table_of_a_larger_disk_keeps_what_is_there) {
  io::MemoryDisk disk(512);
  put_mbr(disk, 0, {{0x83, 1, 100}, {0x83, 200, 100}}, 7);
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST((layout->table == TableKind::mbr));
  BOOST_TEST(layout->partitions.empty());
  BOOST_TEST(layout->notes.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_gpt_that_the_first_sector_does_not_announce_is_ignored) {
  io::MemoryDisk disk(kSectors * 512);
  put_gpt(disk, {.parts = {{100, 200}}});
  scribble(disk, 0, 512, 0);
  auto layout = read_layout(disk);
  BOOST_TEST((layout->table == TableKind::none));
  BOOST_TEST(layout->notes.size() == 1u);
  put_mbr(disk, 0, {{0x83, 300, 100}});
  layout = read_layout(disk);
  BOOST_TEST((layout->table == TableKind::mbr));
  BOOST_TEST(outline(*layout) == "1:300+100");
  BOOST_TEST(layout->notes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_first_sector_that_cannot_be_read) {
  const io::Faults faults{.unreadable = ExtentMap::whole(512)};
  io::MemoryDisk disk(kSectors * 512);
  put_mbr(disk, 0, {{0x83, 300, 100}});
  const auto failed = read_layout(io::FaultySource(disk, faults));
  BOOST_REQUIRE(!failed.has_value());
  BOOST_TEST((failed.error().code == Code::unreadable));

  put_gpt(disk, {.parts = {{100, 200}}});
  const auto layout = read_layout(io::FaultySource(disk, faults));
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST((layout->table == TableKind::gpt));
  BOOST_TEST(notes(*layout).contains("the first sector cannot be read"));
  // A backup alone may be of an earlier use of the disk.
  scribble(disk, 512, 512, 0);
  BOOST_TEST(!read_layout(io::FaultySource(disk, faults)).has_value());
}

BOOST_AUTO_TEST_CASE(a_drive_that_dies_is_an_error_wherever_it_does) {
  io::MemoryDisk disk(kSectors * 512);
  put_gpt(disk, {.parts = {{100, 200}}});
  const io::FaultySource counting(disk, {});
  BOOST_REQUIRE(read_layout(counting).has_value());
  for (std::uint64_t reads = 0; reads < counting.reads(); ++reads) {
    const auto layout = read_layout(io::FaultySource(disk, {.dies_after = reads}));
    BOOST_REQUIRE(!layout.has_value());
    BOOST_TEST((layout.error().code == Code::environment));
  }
}

BOOST_AUTO_TEST_CASE(the_boot_record_of_an_optical_disc_is_for_sticks) {
  io::MemoryDisk disc(kSectors * 512, 2048);
  put_mbr(disc, 0, {{0x17, 0, 4096, 0x80}, {0xEF, 100, 100}}, 7);
  check_no_table(disc);
}

BOOST_AUTO_TEST_CASE(a_hybrid_iso_image_on_a_stick_is_one_volume_kept_whole) {
  io::MemoryDisk stick(kSectors * 512);
  put_mbr(stick, 0, {{0x17, 0, 2000, 0x80}, {0xEF, 100, 100}, {0x83, 2048, 1000}}, 7);
  const auto layout = read_layout(stick);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "1:0+2000 3:2048+1000");
  BOOST_TEST(layout->partitions[0].whole_reason == "partition 2 overlaps it");
  BOOST_TEST(layout->partitions[1].whole_reason == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::disk::test
