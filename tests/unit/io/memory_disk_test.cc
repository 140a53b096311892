#include "io/memory_disk.h"

#include <array>
#include <boost/test/unit_test.hpp>

namespace drydock::io {

BOOST_AUTO_TEST_SUITE(io_memory_disk)

BOOST_AUTO_TEST_CASE(what_was_written_is_read) {
  MemoryDisk disk(4096, 4096);
  BOOST_TEST(disk.geometry().logical_sector == 4096u);
  BOOST_TEST(disk.write_at(100, as_bytes("abc")).has_value());
  std::array<std::byte, 5> read{};
  BOOST_TEST(disk.read_at(99, read).has_value());
  BOOST_TEST((ByteReader(read).equals(1, "abc")));
  BOOST_TEST(std::to_integer<int>(read[0]) == 0);
  BOOST_TEST(disk.zero_at(101, 1).has_value());
  BOOST_TEST(std::to_integer<int>(disk.content()[101]) == 0);
  BOOST_TEST(std::to_integer<int>(disk.content()[102]) == 'c');
  BOOST_TEST(disk.flush().has_value());
}

BOOST_AUTO_TEST_CASE(nothing_happens_beyond_its_end) {
  MemoryDisk disk(10);
  std::array<std::byte, 4> bytes{};
  BOOST_TEST(disk.read_at(6, bytes).has_value());
  BOOST_TEST(disk.read_at(10, MutableBytes()).has_value());
  for (const std::uint64_t offset :
       {std::uint64_t{7}, std::uint64_t{10}, std::uint64_t{11}, UINT64_MAX, UINT64_MAX - 2}) {
    const auto read = disk.read_at(offset, bytes);
    BOOST_REQUIRE(!read.has_value());
    BOOST_TEST((read.error().code == Code::bad_input));  // the disk's structures are wrong
    const auto written = disk.write_at(offset, bytes);
    BOOST_REQUIRE(!written.has_value());
    BOOST_TEST((written.error().code == Code::bug));  // we are
    BOOST_TEST(!disk.zero_at(offset, 4).has_value());
  }
  BOOST_TEST(all_zero(disk.content()));
}

BOOST_AUTO_TEST_CASE(a_length_from_a_damaged_disk_asks_for_no_memory) {
  const MemoryDisk disk(1000);
  BOOST_TEST(read_bytes(disk, 0, 1000)->size() == 1000u);
  BOOST_TEST(!read_bytes(disk, 0, std::size_t{1} << 62).has_value());
  BOOST_TEST(!read_bytes(disk, 1, 1000).has_value());
}

BOOST_AUTO_TEST_CASE(it_may_hold_data_everywhere) {
  BOOST_TEST((MemoryDisk(1000).data() == ExtentMap::whole(1000)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::io
