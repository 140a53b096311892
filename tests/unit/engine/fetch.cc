#include "engine/fetch.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

#include "io/faulty.h"
#include "io/memory_disk.h"

namespace drydock::engine {
namespace {

constexpr std::uint64_t kBytes = 1 << 20;

struct Disk {
  Disk() : disk(kBytes) {
    std::mt19937 random(1);
    for (std::byte& b : disk.content()) b = static_cast<std::byte>(random() | 1);
  }
  io::MemoryDisk disk;
};

std::vector<std::byte> expected(const io::MemoryDisk& disk, const ExtentMap& kept, Extent window) {
  std::vector<std::byte> bytes(window.length);
  for (std::uint64_t i = 0; i < window.length; ++i)
    if (kept.contains({window.offset + i, 1})) bytes[i] = disk.content()[window.offset + i];
  return bytes;
}

BOOST_AUTO_TEST_SUITE(engine_fetch)

BOOST_FIXTURE_TEST_CASE(unallocated_bytes_are_zero, Disk) {
  ExtentMap captured;
  captured.add({512, 512});
  captured.add({2048, 4096});
  captured.add({200'704, 70'000});  // behind a gap that is too long to read through
  const Extent window{0, 262'144};
  std::vector<std::byte> raw(window.length, std::byte{0x55});
  ExtentMap bad;
  BOOST_TEST(fetch(disk, captured, disk.data(), window, raw, bad).has_value());
  BOOST_TEST((raw == expected(disk, captured, window)));
  BOOST_TEST(bad.empty());
}

BOOST_FIXTURE_TEST_CASE(what_is_known_to_be_zero_is_not_read, Disk) {
  io::FaultySource counting(disk, {.unreadable = {}, .dies_after = {}, .full_at = {}});
  std::vector<std::byte> raw(4096, std::byte{0x55});
  ExtentMap bad;
  BOOST_TEST(fetch(counting, ExtentMap::whole(kBytes), {}, {8192, 4096}, raw, bad).has_value());
  BOOST_TEST(counting.reads() == 0U);
  BOOST_TEST(all_zero(raw));
}

BOOST_FIXTURE_TEST_CASE(bad_sectors_cost_only_themselves, Disk) {
  ExtentMap hurt;
  hurt.add({8192 + 512, 512});
  hurt.add({20'480, 1536});
  hurt.add({200'000, 1});  // one byte spoils its sector
  const io::FaultySource source(disk, {.unreadable = hurt, .dies_after = {}, .full_at = {}});
  const Extent window{4096, 258'048};
  std::vector<std::byte> raw(window.length, std::byte{0x55});
  ExtentMap bad;
  BOOST_TEST(fetch(source, ExtentMap::whole(kBytes), disk.data(), window, raw, bad).has_value());
  ExtentMap lost = hurt.aligned_outward(512, kBytes);
  BOOST_TEST((bad == lost));
  BOOST_TEST((raw == expected(disk, ExtentMap::whole(kBytes).subtracted(lost), window)));
}

BOOST_FIXTURE_TEST_CASE(a_bad_sector_in_a_gap_does_not_count, Disk) {
  ExtentMap hurt;
  hurt.add({4096, 4096});
  const io::FaultySource source(disk, {.unreadable = hurt, .dies_after = {}, .full_at = {}});
  ExtentMap captured;
  captured.add({0, 4096});
  captured.add({8192, 4096});
  std::vector<std::byte> raw(16'384);
  ExtentMap bad;
  BOOST_TEST(fetch(source, captured, disk.data(), {0, 16'384}, raw, bad).has_value());
  BOOST_TEST(bad.empty());
  BOOST_TEST((raw == expected(disk, captured, {0, 16'384})));
}

BOOST_FIXTURE_TEST_CASE(a_drive_that_is_gone_is_an_error_not_a_bad_sector, Disk) {
  const io::FaultySource source(disk, {.unreadable = {}, .dies_after = 0, .full_at = {}});
  std::vector<std::byte> raw(4096);
  ExtentMap bad;
  const auto result = fetch(source, ExtentMap::whole(kBytes), disk.data(), {0, 4096}, raw, bad);
  BOOST_REQUIRE(!result);
  BOOST_TEST((result.error().code == Code::environment));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::engine
