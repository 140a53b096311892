#include "evaluate/speed.h"

#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "io/faulty.h"
#include "io/memory_disk.h"
#include "unit/evaluate/simulated_drive.h"

namespace drydock::evaluate {
namespace {

using test::SimulatedDrive;

BOOST_AUTO_TEST_SUITE(evaluate_speed)

BOOST_AUTO_TEST_CASE(percentiles_are_exact_to_one_part_in_32) {
  Latencies latencies;
  BOOST_TEST(latencies.percentile(0.5).count() == 0);
  for (int i = 1; i <= 1000; ++i) latencies.add(std::chrono::microseconds(i));
  BOOST_TEST(latencies.count() == 1000u);
  for (const int percent : {1, 10, 50, 90, 99}) {
    const auto found = latencies.percentile(percent / 100.0).count();
    BOOST_TEST(found >= percent * 10);
    BOOST_TEST(found <= percent * 10 * 33 / 32 + 1);
  }
  BOOST_TEST(latencies.percentile(1).count() == 1000);
  BOOST_TEST(latencies.slowest().count() == 1000);
}

BOOST_AUTO_TEST_CASE(latencies_of_all_sizes) {
  for (std::int64_t us : {0L, 1L, 31L, 32L, 33L, 63L, 64L, 999'999L, 3'600'000'000L}) {
    Latencies one;
    one.add(std::chrono::microseconds(us));
    BOOST_TEST(one.percentile(0.5).count() == us);  // not above the slowest
    one.add(std::chrono::microseconds(us * 2 + 1));
    BOOST_TEST(one.percentile(0.5).count() >= us);
    BOOST_TEST(one.percentile(0.5).count() <= us + us / 32 + 1);
  }
  Latencies beyond;
  beyond.add(std::chrono::hours(50));
  BOOST_TEST(beyond.percentile(1).count() > 0);
  beyond.add(std::chrono::nanoseconds(-5));
  BOOST_TEST(beyond.count() == 2u);
}

BOOST_AUTO_TEST_CASE(histograms_add_up) {
  Latencies a;
  Latencies b;
  a.add(std::chrono::microseconds(10));
  b.add(std::chrono::microseconds(20));
  b.add(std::chrono::microseconds(30));
  a.add(b);
  BOOST_TEST(a.count() == 3u);
  BOOST_TEST(a.percentile(0.5).count() == 20);
  BOOST_TEST(a.slowest().count() == 30);
}

BOOST_AUTO_TEST_CASE(medians) {
  BOOST_TEST(median({}) == 0);
  BOOST_TEST(median({3}) == 3);
  BOOST_TEST(median({5, 1, 3}) == 3);
  BOOST_TEST(median({4, 1, 3, 2}) == 2);
}

BOOST_AUTO_TEST_CASE(sequential_reading_by_the_drive_s_own_clock) {
  SimulatedDrive drive(100 * kGiB);
  drive.a_read = std::chrono::milliseconds(10);  // 100 MiB a second
  // Deep reading has threads, for which the simulated clock is not made.
  const auto speed = measure_speed(
      drive, {.rotational = true, .points = 5, .time_random = {}, .now = drive.clock()}, {});
  BOOST_REQUIRE(speed.has_value());
  BOOST_TEST(speed->sequential.size() == 5u);
  for (const SpeedPoint& point : speed->sequential)
    BOOST_TEST(point.bytes_per_second == 100.0 * kMiB, boost::test_tools::tolerance(0.01));
  BOOST_TEST(speed->sequential.front().offset == 0u);
  BOOST_TEST(speed->sequential.back().offset + 33 * kMiB > drive.geometry().bytes);
  BOOST_TEST(speed->seeks.size() == 10u);
  for (std::size_t i = 1; i < speed->seeks.size(); ++i)
    BOOST_TEST(speed->seeks[i].distance > speed->seeks[i - 1].distance);
  BOOST_TEST(speed->seeks.back().typical.count() == 10'000);
}

BOOST_AUTO_TEST_CASE(random_reading_at_both_depths) {
  const io::MemoryDisk disk(std::vector<std::byte>(8 * kMiB));
  const auto speed =
      measure_speed(disk, {.points = 2, .time_random = std::chrono::milliseconds(20)}, {});
  BOOST_REQUIRE(speed.has_value());
  BOOST_REQUIRE(speed->random.size() == 2u);
  BOOST_TEST(speed->random[0].depth == 1u);
  BOOST_TEST(speed->random[1].depth == 32u);
  for (const RandomReads& reads : speed->random) {
    BOOST_TEST(reads.latencies.count() > 0u);
    BOOST_TEST(reads.per_second > 0);
  }
  BOOST_TEST(speed->seeks.empty());
  BOOST_TEST(!speed->ended_early);
}

BOOST_AUTO_TEST_CASE(bad_sectors_are_left_out_and_counted) {
  const io::MemoryDisk disk(std::vector<std::byte>(8 * kMiB));
  const io::FaultySource bad(disk, {.unreadable = ExtentMap::from({{0, 4 * kMiB}})});
  const auto speed =
      measure_speed(bad, {.points = 2, .time_random = std::chrono::milliseconds(20)}, {});
  BOOST_REQUIRE(speed.has_value());
  BOOST_TEST(speed->failed > 0u);
  BOOST_TEST(!speed->ended_early);
}

BOOST_AUTO_TEST_CASE(a_drive_that_goes_away_ends_it) {
  const io::MemoryDisk disk(std::vector<std::byte>(8 * kMiB));
  for (const std::uint64_t reads : {0, 1, 20, 500}) {
    const io::FaultySource dying(disk, {.dies_after = reads});
    const auto speed = measure_speed(dying, {.rotational = true, .points = 2}, {});
    BOOST_REQUIRE(speed.has_value());
    BOOST_TEST(speed->ended_early, reads);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::evaluate
