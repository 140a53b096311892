#include "disk/mbr.h"

#include <boost/test/unit_test.hpp>
#include <cerrno>

#include "disk/layout.h"
#include "io/faulty.h"
#include "unit/disk/tables.h"

namespace drydock::disk::test {
namespace {

constexpr std::uint64_t kMbrSectors = 2000;

// Extended partition over [100, 1100) with logical partitions at 110 and 310.
io::MemoryDisk with_logical() {
  io::MemoryDisk disk(kMbrSectors * 512);
  put_mbr(disk, 0, {{0x07, 1, 99, 0x80}, {0x05, 100, 1000}, {0x0C, 1200, 100}}, 0x0badf00d);
  put_mbr(disk, 100, {{0x83, 10, 100}, {0x05, 200, 150}});
  put_mbr(disk, 300, {{0x82, 10, 100}});
  return disk;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(disk_mbr)

BOOST_AUTO_TEST_CASE(primary_and_logical_partitions) {
  const io::MemoryDisk disk = with_logical();
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST((layout->table == TableKind::mbr));
  BOOST_TEST(layout->id == "0badf00d");
  BOOST_TEST(outline(*layout) == "1:1+99 5:110+100 6:310+100 3:1200+100");
  BOOST_TEST(notes(*layout) == "");
  const Partition& first = layout->partitions[0];
  BOOST_TEST(first.active);
  BOOST_TEST(!first.logical);
  BOOST_TEST(first.type_id == "0x07");
  BOOST_TEST(first.type == "NTFS, exFAT or HPFS");
  BOOST_TEST(first.uuid == "0badf00d-01");
  BOOST_TEST(layout->partitions[1].logical);
  BOOST_TEST(layout->partitions[1].uuid == "0badf00d-05");
  BOOST_TEST(layout->partitions[2].type == "Linux swap");
  const ExtentMap table = ExtentMap::from({{0, 512}, {100 * 512, 512}, {300 * 512, 512}});
  BOOST_TEST((layout->table_areas == table));
}

BOOST_AUTO_TEST_CASE(counts_in_sectors_of_the_disk) {
  io::MemoryDisk disk(kMbrSectors * 4096, 4096);
  put_mbr(disk, 0, {{0x83, 10, 100}, {0x05, 200, 300}}, 0, 4096);
  put_mbr(disk, 200, {{0x83, 1, 50}}, 0, 4096);
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "1:80+800 5:1608+400");
  BOOST_TEST(layout->table_areas.bytes() == 2 * 4096u);
}

BOOST_AUTO_TEST_CASE(a_chain_in_a_circle_is_refused) {
  io::MemoryDisk disk = with_logical();
  put_mbr(disk, 300, {{0x82, 10, 100}, {0x05, 0, 200}});  // back to the first record
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(!layout.has_value());
  BOOST_TEST((layout.error().code == Code::bad_input));
  BOOST_TEST(layout.error().what.contains("sector 100"));
  BOOST_TEST(!layout.error().hint.empty());
}

BOOST_AUTO_TEST_CASE(an_extended_partition_at_the_boot_record_is_refused) {
  io::MemoryDisk disk(kMbrSectors * 512);
  put_mbr(disk, 0, {{0x0F, 0, 1000}});
  BOOST_TEST(!read_layout(disk).has_value());
}

BOOST_AUTO_TEST_CASE(a_broken_chain_is_read_as_far_as_it_goes) {
  io::MemoryDisk disk = with_logical();
  scribble(disk, 300 * 512 + 510, 2, 0);
  auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "1:1+99 5:110+100 3:1200+100");
  BOOST_TEST(notes(*layout).contains("sector 300 is not a boot record"));

  disk = with_logical();
  put_mbr(disk, 100, {{0x83, 10, 100}, {0x05, 0xFFFFFF00, 150}});
  layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "1:1+99 5:110+100 3:1200+100");
  BOOST_TEST(notes(*layout).contains("behind the end of the disk"));
}

BOOST_AUTO_TEST_CASE(a_bad_sector_in_the_chain_is_a_note_a_dead_drive_an_error) {
  const io::MemoryDisk disk = with_logical();
  const io::FaultySource bad(disk, {.unreadable = ExtentMap::from({{300 * 512, 512}})});
  const auto layout = read_layout(bad);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "1:1+99 5:110+100 3:1200+100");
  BOOST_TEST(notes(*layout).contains("cannot be read"));
  const io::FaultySource dead(disk, {.dies_after = 2});
  const auto gone = read_layout(dead);
  BOOST_REQUIRE(!gone.has_value());
  BOOST_TEST((gone.error().code == Code::environment));
}

BOOST_AUTO_TEST_CASE(the_chain_is_bounded) {
  io::MemoryDisk disk(kMbrSectors * 512);
  put_mbr(disk, 0, {{0x05, 1, 1999}});
  for (std::uint32_t i = 1; i < 1990; i += 2) put_mbr(disk, i, {{0x83, 1, 1}, {0x05, i + 1, 2}});
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(layout->partitions.size() == 256u);
  BOOST_TEST(layout->partitions.back().number == 260u);
  BOOST_TEST(layout->notes.size() == 1u);
}

BOOST_AUTO_TEST_CASE(overlapping_partitions_are_kept_as_one_whole) {
  io::MemoryDisk disk(kMbrSectors * 512);
  put_mbr(disk, 0, {{0x83, 100, 200}, {0x83, 250, 200}, {0x83, 1000, 10}});
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "1:100+350 3:1000+10");
  BOOST_TEST(layout->partitions[0].whole_reason == "partition 2 overlaps it");
}

BOOST_AUTO_TEST_CASE(a_partition_over_an_extended_record_is_kept_whole) {
  io::MemoryDisk disk = with_logical();
  put_mbr(disk, 0, {{0x83, 250, 100}, {0x05, 100, 1000}});
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "5:110+100 1:250+160");
  BOOST_TEST(!layout->partitions[1].whole_reason.empty());
}

BOOST_AUTO_TEST_CASE(a_type_of_zero_with_a_size_is_a_partition) {
  // Hybrid ISO images have such a one; Linux lists it.
  io::MemoryDisk disk(kMbrSectors * 512);
  put_mbr(disk, 0, {{0x00, 64, 1000, 0x80}, {0xEF, 200, 100}}, 1);
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "1:64+1000");
  BOOST_TEST(layout->partitions[0].type_id == "0x00");
  BOOST_TEST(notes(*layout).contains("partition 2 lies inside partition 1"));
}

BOOST_AUTO_TEST_CASE(without_a_signature_partitions_have_no_uuid) {
  io::MemoryDisk disk(kMbrSectors * 512);
  put_mbr(disk, 0, {{0x83, 100, 200}});
  BOOST_TEST(read_layout(disk)->partitions[0].uuid == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::disk::test
