#include "evaluate/surface.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <ranges>

#include "base/units.h"
#include "io/faulty.h"
#include "io/memory_disk.h"
#include "unit/evaluate/simulated_drive.h"

namespace drydock::evaluate {
namespace {

using test::SimulatedDrive;
using test::Told;

struct Scanned {
  Surface surface;
  Told told;
};

Scanned scan(const SimulatedDrive& drive, SurfaceOptions options, const Stop& stop = {}) {
  Scanned done;
  options.now = drive.clock();
  auto surface = scan_surface(drive, options, done.told, stop);
  BOOST_REQUIRE_MESSAGE(surface.has_value(),
                        (surface ? std::string() : surface.error().sentence()));
  done.surface = std::move(*surface);
  return done;
}

std::string keys(const Surface& surface) {
  std::string all;
  for (const Finding& finding : judge_surface(surface)) all += finding.key + " ";
  return all;
}

std::uint64_t most_reads_of_one_place(const SimulatedDrive& drive) {
  return static_cast<std::uint64_t>(std::ranges::max(drive.times_read | std::views::values));
}

BOOST_AUTO_TEST_SUITE(evaluate_surface)

BOOST_AUTO_TEST_CASE(a_good_drive_is_read_to_its_last_byte) {
  const SimulatedDrive drive(100 * kMiB + 512);
  const auto [surface, told] = scan(drive, {.full = true, .bands = 10});
  BOOST_TEST(surface.bytes_read == drive.geometry().bytes);
  BOOST_TEST(drive.reads == 102u);  // 101 blocks, and one that wakes it
  BOOST_TEST(surface.bad.empty());
  BOOST_TEST(surface.slow.empty());
  BOOST_TEST(keys(surface).empty());
  BOOST_TEST(surface.latencies.count() == 101u);
  BOOST_TEST(surface.latencies.percentile(0.5).count() == 1000);
  BOOST_TEST((surface.elapsed == std::chrono::milliseconds(102)));
  BOOST_TEST(told.never_back);
  BOOST_TEST(told.last == told.of);
}

BOOST_AUTO_TEST_CASE(bands_cover_the_drive_without_gaps) {
  const SimulatedDrive drive(1000 * kMiB + 512);
  const Surface surface = scan(drive, {.full = true, .bands = 240}).surface;
  BOOST_TEST(surface.bands.size() == 240u);
  std::uint64_t at = 0;
  std::uint64_t read = 0;
  for (const Band& band : surface.bands) {
    BOOST_TEST(band.extent.offset == at);
    BOOST_TEST(band.bytes_read == band.extent.length);
    at = band.extent.end();
    read += band.bytes_read;
  }
  BOOST_TEST(at == drive.geometry().bytes);
  BOOST_TEST(read == surface.bytes_read);
}

BOOST_AUTO_TEST_CASE(a_drive_smaller_than_a_block) {
  const SimulatedDrive drive(1536);
  for (const bool full : {false, true}) {
    const Surface surface = scan(drive, {.full = full}).surface;
    BOOST_TEST(surface.bytes_read == 1536u);
    BOOST_TEST(surface.bands.size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(bad_areas_are_found_and_never_read_a_third_time) {
  SimulatedDrive drive(64 * kMiB);
  drive.bad = ExtentMap::from({{10 * kMiB + 5000, 512}, {30 * kMiB, 3 * kMiB}});
  const auto [surface, told] = scan(drive, {.full = true});
  const ExtentMap expected = ExtentMap::from({{10 * kMiB, 64 * kKiB}, {30 * kMiB, 3 * kMiB}});
  BOOST_TEST((surface.bad == expected));
  BOOST_TEST((told.bad == expected));
  BOOST_TEST(surface.bytes_read == 64 * kMiB - expected.bytes());
  BOOST_TEST(most_reads_of_one_place(drive) == 2u);
  BOOST_TEST(keys(surface) == "unreadable_areas ");
  BOOST_TEST((worst(judge_surface(surface)) == Verdict::save_now));
  std::uint64_t bad = 0;
  for (const Band& band : surface.bands) bad += band.bytes_bad;
  BOOST_TEST(bad == expected.bytes());
}

BOOST_AUTO_TEST_CASE(a_drive_that_is_bad_all_over_is_left_alone) {
  SimulatedDrive drive(4096 * kMiB);
  drive.bad = ExtentMap::from({{kMiB, 4000 * kMiB}});
  const Surface surface = scan(drive, {.full = true, .most_bad = 40}).surface;
  BOOST_TEST((surface.cut == Cut::too_many_bad));
  BOOST_TEST(drive.reads < 60u);
  BOOST_TEST(surface.bad.bytes() == 40 * 64 * kKiB);
  BOOST_TEST(judge_surface(surface)[0].text.contains("not to wear the drive"));
}

BOOST_AUTO_TEST_CASE(slow_areas) {
  SimulatedDrive drive(64 * kMiB);
  drive.slow = ExtentMap::from({{20 * kMiB, 2 * kMiB}});
  const Surface surface = scan(drive, {.full = true}).surface;
  BOOST_TEST((surface.slow == drive.slow));
  BOOST_TEST(surface.bad.empty());
  BOOST_TEST(keys(surface) == "slow_areas ");
  BOOST_TEST((worst(judge_surface(surface)) == Verdict::watch));
  BOOST_TEST((surface.latencies.slowest() == std::chrono::milliseconds(1001)));
}

BOOST_AUTO_TEST_CASE(a_first_read_that_wakes_the_disk_is_not_slow) {
  SimulatedDrive drive(4 * kMiB);
  drive.slow = ExtentMap::from({{0, 1}});
  // Only what is at byte 0 is slow, and both the waking and the real read touch it.
  BOOST_TEST(scan(drive, {.full = true}).surface.slow.bytes() == kMiB);
  BOOST_TEST(drive.times_read[0] == 2);
}

BOOST_AUTO_TEST_CASE(a_drive_that_dies_while_it_is_read) {
  SimulatedDrive drive(64 * kMiB);
  drive.dies_after = 30;
  const Surface surface = scan(drive, {.full = true}).surface;
  BOOST_TEST((surface.cut == Cut::drive_gone));
  BOOST_TEST(surface.cut_at == 29 * kMiB);
  BOOST_TEST(surface.bytes_read == 29 * kMiB);
  BOOST_TEST(drive.reads == 31u);
  BOOST_TEST(surface.bad.empty());
  BOOST_TEST(keys(surface) == "drive_gone ");
}

BOOST_AUTO_TEST_CASE(a_drive_that_dies_in_a_bad_area) {
  SimulatedDrive drive(64 * kMiB);
  drive.bad = ExtentMap::from({{kMiB, kMiB}});
  drive.dies_after = 5;  // waking, block 0, block 1, two parts of it
  const Surface surface = scan(drive, {.full = true}).surface;
  BOOST_TEST((surface.cut == Cut::drive_gone));
  BOOST_TEST((surface.bad == ExtentMap::from({{kMiB, 128 * kKiB}})));
  BOOST_TEST(drive.reads == 6u);
}

BOOST_AUTO_TEST_CASE(a_sample_is_even_at_any_moment) {
  for (const std::uint64_t seconds : {1, 3, 7}) {
    SimulatedDrive drive(200 * kGiB);
    const Surface surface =
        scan(drive, {.sample_time = std::chrono::seconds(seconds), .bands = 16}).surface;
    const std::uint64_t blocks = surface.bytes_read / kMiB;
    BOOST_TEST(blocks >= seconds * 1000 - 2);
    for (const Band& band : surface.bands) {
      // The pass that the time ended has been through a part of the bands.
      BOOST_TEST(band.bytes_read / kMiB >= blocks / 16 / 2);
      BOOST_TEST(band.bytes_read / kMiB <= blocks / 16 * 2);
    }
    BOOST_TEST(most_reads_of_one_place(drive) == 2u);  // byte 0, to wake it
    BOOST_TEST((surface.elapsed < std::chrono::seconds(seconds) + std::chrono::milliseconds(5)));
  }
}

BOOST_AUTO_TEST_CASE(a_sample_takes_no_more_than_it_may) {
  const SimulatedDrive drive(200 * kGiB);
  const auto [surface, told] =
      scan(drive, {.sample_time = std::chrono::seconds(1000), .sample_blocks = 1024});
  BOOST_TEST(surface.bytes_read == 1024 * kMiB);
  BOOST_TEST(told.never_back);
  BOOST_TEST(told.last == told.of);
}

BOOST_AUTO_TEST_CASE(a_small_drive_is_not_sampled_twice) {
  for (const std::uint64_t mib : {1, 2, 255, 256, 257, 300, 511, 512, 5000}) {
    const SimulatedDrive drive(mib * kMiB);
    const Surface surface = scan(drive, {}).surface;
    BOOST_TEST(surface.bytes_read * 2 > drive.geometry().bytes, mib);
    BOOST_TEST(surface.bytes_read <= drive.geometry().bytes, mib);
  }
}

BOOST_AUTO_TEST_CASE(a_person_can_stop_it) {
  Stop stop;
  stop.request();
  const SimulatedDrive drive(64 * kMiB);
  for (const bool full : {false, true}) {
    const Surface surface = scan(drive, {.full = full}, stop).surface;
    BOOST_TEST((surface.cut == Cut::stopped));
    BOOST_TEST(surface.bytes_read == 0u);
  }
}

BOOST_AUTO_TEST_CASE(an_empty_drive_is_refused) {
  Told told;
  BOOST_TEST(!scan_surface(SimulatedDrive(0), {}, told, {}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::evaluate
