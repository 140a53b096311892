#include "disk/apm.h"

#include <boost/test/unit_test.hpp>

#include "disk/layout.h"
#include "io/faulty.h"
#include "unit/disk/tables.h"

namespace drydock::disk::test {
namespace {

const std::vector<ApmPart> kApmParts{{"Apple_partition_map", "Apple", 1, 63},
                                     {"Apple_Driver43", "Macintosh", 64, 36},
                                     {"Apple_HFS", "Mac OS X", 100, 800},
                                     {"Apple_Free", "", 900, 100}};

io::MemoryDisk with_map() {
  io::MemoryDisk disk(1000 * 512);
  put_apm(disk, kApmParts);
  return disk;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(disk_apm)

BOOST_AUTO_TEST_CASE(partitions_without_map_and_free_space) {
  const auto layout = read_layout(with_map());
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST((layout->table == TableKind::apm));
  BOOST_TEST(outline(*layout) == "2:64+36 3:100+800");
  BOOST_TEST(layout->partitions[1].type_id == "Apple_HFS");
  BOOST_TEST(layout->partitions[1].type == "Apple HFS or HFS+");
  BOOST_TEST(layout->partitions[1].name == "Mac OS X");
  BOOST_TEST((layout->table_areas == ExtentMap::whole(64 * 512)));
  BOOST_TEST(notes(*layout) == "");
}

BOOST_AUTO_TEST_CASE(blocks_of_2048_bytes) {
  io::MemoryDisk disk(1000 * 2048);
  put_apm(disk, {{"Apple_partition_map", "Apple", 1, 3}, {"Apple_HFS", "CD", 10, 100}}, 2048);
  BOOST_TEST(outline(*read_layout(disk)) == "2:40+400");
}

BOOST_AUTO_TEST_CASE(a_descriptor_of_2048_over_a_map_of_512) {
  io::MemoryDisk disk = with_map();
  store_be<std::uint16_t>(&disk.content()[2], 2048);
  scribble(disk, 2048, 512, 0);  // the fourth entry stood where a block of 2048 would begin
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "2:64+36 3:100+800");
}

BOOST_AUTO_TEST_CASE(a_map_that_breaks_off_is_a_note) {
  io::MemoryDisk disk = with_map();
  scribble(disk, 3 * 512, 2, 0);
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(outline(*layout) == "2:64+36");
  BOOST_TEST(notes(*layout) == "the Apple partition map breaks off at entry 3 of 4\n");
}

BOOST_AUTO_TEST_CASE(a_huge_map_is_bounded) {
  io::MemoryDisk disk = with_map();
  for (std::uint64_t i = 1; i < 1000; ++i) {
    std::ranges::copy(as_bytes("PM"),
                      disk.content().begin() + static_cast<std::ptrdiff_t>(i * 512));
    store_be<std::uint32_t>(&disk.content()[i * 512 + 4], 0xFFFFFFFF);
  }
  const auto layout = read_layout(disk);
  BOOST_REQUIRE(layout.has_value());
  BOOST_TEST(notes(*layout).contains("claims 4294967295 entries"));
}

BOOST_AUTO_TEST_CASE(a_descriptor_without_a_map_is_no_table) {
  io::MemoryDisk disk(1000 * 512);
  std::ranges::copy(as_bytes("ER"), disk.content().begin());
  const auto layout = read_layout(disk);
  BOOST_TEST((layout->table == TableKind::none));
}

BOOST_AUTO_TEST_CASE(a_dead_drive_is_an_error) {
  const io::MemoryDisk disk = with_map();
  const io::FaultySource dead(disk, {.dies_after = 4});
  const auto layout = read_layout(dead);
  BOOST_REQUIRE(!layout.has_value());
  BOOST_TEST((layout.error().code == Code::environment));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::disk::test
