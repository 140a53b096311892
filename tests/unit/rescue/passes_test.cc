// The strategy of a rescue on simulated drives; that it is GNU ddrescue's is proved against the
// program itself in tests/roundtrip/rescue.cc.
#include "rescue/passes.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

#include "io/faulty.h"
#include "io/memory_disk.h"
#include "unit/rescue/drive.h"

namespace drydock::rescue {
namespace {

using test::Drive;

class Recorder : public Watcher {
 public:
  void began(const Step& step, std::size_t domain) override {
    steps.push_back(describe(step) + (domain == 0 ? "" : ", the rest"));
  }
  void moved(const Mapfile& rescue, const Reads& reads) override {
    largest = std::max(largest, rescue.map.size());
    last = reads;
    if (stop != nullptr && reads.all == stop_after) stop->request();
  }
  Result<void> keep(const Mapfile& rescue) override {
    kept = rescue;
    ++keeps;
    return {};
  }

  std::vector<std::string> steps;
  Mapfile kept;
  unsigned keeps = 0;
  Reads last;
  std::size_t largest = 0;
  Stop* stop = nullptr;
  std::uint64_t stop_after = 0;
};

struct Rescue {
  Rescue(std::uint64_t bytes, test::Ailment ailment, std::uint32_t sector = 512)
      : bad(ailment.bad), drive(bytes, std::move(ailment), sector), copy(bytes, sector) {
    state.map = AreaMap(bytes);
    settings.sector = sector;
    settings.now = [this] { return drive.now(); };
    domains = {ExtentMap::whole(bytes)};
  }

  Result<Reads> go() { return run(drive, copy, state, domains, settings, recorder, stop); }

  Reads must_go() {
    const auto done = go();
    if (!done) BOOST_FAIL(done.error().sentence());
    BOOST_TEST((*done == drive.reads()));
    check_copy();
    return *done;
  }

  // Every byte that the map calls finished is the drive's, every other one is as it was.
  void check_copy() const {
    std::uint64_t wrong = 0;
    for (std::size_t i = 0; i < state.map.size(); ++i) {
      const auto [extent, status] = state.map.area(i);
      const Bytes held = copy.content().subspan(extent.offset, extent.length);
      const bool right =
          status == Status::finished ? Drive::holds(extent.offset, held) : all_zero(held);
      wrong += right ? 0U : 1U;
    }
    BOOST_TEST(wrong == 0u);
  }

  ExtentMap bad;
  Drive drive;
  io::MemoryDisk copy;
  Mapfile state;
  Settings settings;
  std::vector<ExtentMap> domains;
  Recorder recorder;
  Stop stop;
};

ExtentMap scattered(std::uint64_t bytes, unsigned seed, unsigned areas) {
  std::mt19937 random(seed);
  ExtentMap bad;
  for (unsigned i = 0; i < areas; ++i) {
    const std::uint64_t sectors = random() % 3 == 0 ? 1 + random() % 400 : 1 + random() % 3;
    const std::uint64_t first = random() % (bytes / 512);
    bad.add({first * 512, std::min(sectors * 512, bytes - first * 512)});
  }
  return bad;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rescue_passes)

BOOST_AUTO_TEST_CASE(a_good_drive_is_read_once_from_front_to_end) {
  Rescue rescue(kMiB + 700, {});
  const Reads reads = rescue.must_go();
  BOOST_TEST((reads == Reads{17, 0}));
  BOOST_TEST(rescue.state.map.bytes_of(Status::finished) == kMiB + 700);
  BOOST_TEST((rescue.state.step.phase == Phase::finished));
  BOOST_TEST((rescue.recorder.steps == std::vector<std::string>{"Copying, pass 1 (forwards)"}));
  BOOST_TEST((rescue.recorder.kept.map == rescue.state.map));
}

BOOST_AUTO_TEST_CASE(everything_but_the_bad_sectors_is_rescued) {
  for (const unsigned seed : {1, 2, 3, 4, 5}) {
    Rescue rescue(16 * kMiB, {.bad = scattered(16 * kMiB, seed, 20)});
    rescue.must_go();
    BOOST_TEST((rescue.state.map.extents_of(Status::bad) == rescue.bad));
    BOOST_TEST(rescue.state.map.bytes_of(Status::finished) == 16 * kMiB - rescue.bad.bytes());
  }
}

BOOST_AUTO_TEST_CASE(a_sector_is_tried_twice_at_most_and_once_more_in_a_retry) {
  const ExtentMap bad = scattered(4 * kMiB, 9, 6);
  for (const unsigned retries : {0U, 3U}) {
    Rescue rescue(4 * kMiB, {.bad = bad});
    rescue.settings.retries = retries;
    rescue.must_go();
    for (std::uint64_t at = 0; at < 4 * kMiB; at += 512)
      BOOST_REQUIRE_LE(rescue.drive.reads_of(at), 2 + (bad.contains({at, 1}) ? retries : 0));
  }
}

BOOST_AUTO_TEST_CASE(a_disk_whose_end_is_no_whole_sector) {
  const std::uint64_t bytes = kMiB + 700;
  Rescue rescue(bytes, {.bad = ExtentMap::from({{kMiB + 512, 188}})});
  rescue.must_go();
  BOOST_TEST((rescue.state.map.extents_of(Status::bad) == rescue.bad));
}

BOOST_AUTO_TEST_CASE(sectors_of_4096_bytes_are_read_whole) {
  Rescue rescue(4 * kMiB, {.bad = ExtentMap::from({{kMiB, 4096}})}, 4096);
  rescue.must_go();
  for (const Extent& read : rescue.drive.log())
    BOOST_TEST((read.offset % 4096 == 0 && read.length % 4096 == 0));
  BOOST_TEST((rescue.state.map.extents_of(Status::bad) == rescue.bad));
}

BOOST_AUTO_TEST_CASE(a_large_bad_area_is_left_fast) {
  // The first pass must not read it cluster by cluster, of which there are sixteen.
  Rescue rescue(32 * kMiB, {.bad = ExtentMap::from({{8 * kMiB, kMiB}})});
  rescue.recorder.stop = &rescue.stop;
  rescue.recorder.stop_after = 8 * 16 + 20;
  BOOST_TEST((rescue.go().error().code == Code::cancelled));
  BOOST_TEST(rescue.drive.reads().failed < 6u);
  BOOST_TEST((rescue.state.map.at(9 * kMiB + 512 * kKiB).status == Status::finished));
}

BOOST_AUTO_TEST_CASE(bad_sectors_that_give_in_are_won_by_retrying) {
  Rescue rescue(kMiB, {.bad = ExtentMap::from({{4096, 1024}}), .gives_in_after = 3});
  rescue.settings.retries = 5;
  rescue.must_go();
  BOOST_TEST(rescue.state.map.bytes_of(Status::finished) == kMiB);
  const auto& steps = rescue.recorder.steps;
  BOOST_TEST(std::ranges::count(steps, "Retrying, pass 1 (forwards)") == 1);
  BOOST_TEST(std::ranges::count(steps, "Retrying, pass 2 (backwards)") == 1);
  BOOST_TEST(std::ranges::count(steps, "Retrying, pass 4 (backwards)") == 0);
}

BOOST_AUTO_TEST_CASE(slow_areas_are_left_for_later) {
  constexpr std::uint64_t kSize = 64 * kMiB;
  Rescue rescue(kSize, {.slow = ExtentMap::from({{40 * kMiB, 4 * kMiB}})});
  // A hundred times slower than it is: what is usual is known after half a minute.
  const auto started = rescue.drive.now();
  rescue.settings.now = [&] { return started + (rescue.drive.now() - started) * 100; };
  rescue.must_go();
  BOOST_TEST(rescue.state.map.bytes_of(Status::finished) == kSize);
  const auto& log = rescue.drive.log();
  const auto place = [&](std::uint64_t offset) {
    return std::ranges::find_if(
               log, [&](Extent read) { return read.offset <= offset && offset < read.end(); }) -
           log.begin();
  };
  // The end of the drive before the middle of the slow area; all of it was read once.
  BOOST_TEST(place(60 * kMiB) < place(42 * kMiB));
  BOOST_TEST(log.size() <= kSize / (64 * kKiB) + 100);  // clusters that a skip has cut count twice
  const auto& steps = rescue.recorder.steps;
  BOOST_TEST(std::ranges::count(steps, "Copying, pass 3 (forwards)") == 1);
}

BOOST_AUTO_TEST_CASE(used_blocks_first) {
  constexpr std::uint64_t kSize = 16 * kMiB;
  const ExtentMap used = ExtentMap::from({{kMiB, 3 * kMiB}, {9 * kMiB, kMiB}});
  Rescue rescue(kSize, {.bad = ExtentMap::from({{2 * kMiB, 4096}, {6 * kMiB, 4096}})});
  rescue.domains.insert(rescue.domains.begin(), used);
  rescue.must_go();
  std::uint64_t first_rest = 0;
  const auto& log = rescue.drive.log();
  while (used.contains(log[first_rest])) ++first_rest;
  // Everything about the used blocks, scraping too, came before the first read of the rest.
  for (std::size_t i = first_rest; i < log.size(); ++i) BOOST_REQUIRE(!used.intersects(log[i]));
  BOOST_TEST(rescue.state.map.bytes_of(Status::finished) == kSize - 8192);
  BOOST_TEST(std::ranges::count(rescue.recorder.steps, "Scraping") == 1);
  BOOST_TEST(std::ranges::count(rescue.recorder.steps, "Scraping, the rest") == 1);
}

BOOST_AUTO_TEST_CASE(a_drive_that_dies_has_its_used_blocks_rescued) {
  constexpr std::uint64_t kSize = 64 * kMiB;
  const ExtentMap used = ExtentMap::from({{30 * kMiB, 6 * kMiB}, {50 * kMiB, 6 * kMiB}});
  std::vector<double> shares;
  for (const bool used_first : {false, true}) {
    Rescue rescue(kSize, {.dies_after = kSize / (64 * kKiB) * 3 / 10});
    if (used_first) rescue.domains.insert(rescue.domains.begin(), used);
    const auto done = rescue.go();
    BOOST_TEST((done.error().code == Code::environment));
    BOOST_TEST(done.error().os == ENODEV);
    rescue.check_copy();
    const ExtentMap got = rescue.recorder.kept.map.extents_of(Status::finished);
    shares.push_back(static_cast<double>(got.intersected(used).bytes()) /
                     static_cast<double>(used.bytes()));
  }
  BOOST_TEST_MESSAGE("share of used data when a drive dies after 30 % of its reads: "
                     << shares[0] << " front to end, " << shares[1] << " used first");
  BOOST_TEST(shares[0] < 0.1);
  BOOST_TEST(shares[1] == 1.0);
}

// Wherever it ends, what was kept goes on to the same result, and good sectors are not read again
// but for those since the state was kept.
BOOST_AUTO_TEST_CASE(it_goes_on_wherever_it_was_stopped) {
  constexpr std::uint64_t kSize = 2 * kMiB;
  const ExtentMap bad = ExtentMap::from({{100 * kKiB, 5000 / 512 * 512}, {kMiB, 130 * kKiB}});
  Rescue whole(kSize, {.bad = bad});
  const std::uint64_t reads = whole.must_go().all;
  for (std::uint64_t after = 1; after < reads; after += 7) {
    Rescue rescue(kSize, {.bad = bad});
    rescue.recorder.stop = &rescue.stop;
    rescue.recorder.stop_after = after;
    BOOST_REQUIRE((rescue.go().error().code == Code::cancelled));
    const auto parsed = parse_mapfile(mapfile_text(rescue.recorder.kept), "kept");
    BOOST_REQUIRE(parsed.has_value());
    rescue.state = *parsed;
    const Stop never;
    Recorder second;
    BOOST_REQUIRE(
        run(rescue.drive, rescue.copy, rescue.state, rescue.domains, rescue.settings, second, never)
            .has_value());
    rescue.check_copy();
    BOOST_TEST((rescue.state.map == whole.state.map));
    // A pass that was left knows no more how far it was skipping; that costs a few clusters.
    BOOST_TEST(rescue.drive.reads().all <= reads + 4);
  }
}

BOOST_AUTO_TEST_CASE(a_drive_that_vanished_is_gone_on_with_when_it_is_back) {
  Rescue rescue(4 * kMiB, {.bad = ExtentMap::from({{kMiB, 512}}), .dies_after = 10});
  BOOST_TEST((rescue.go().error().code == Code::environment));
  BOOST_TEST(rescue.recorder.kept.map.bytes_of(Status::finished) == 10 * 64 * kKiB);
  rescue.drive.revive();
  BOOST_TEST(rescue.go().has_value());
  rescue.check_copy();
  BOOST_TEST((rescue.state.map.extents_of(Status::bad) == rescue.bad));
}

BOOST_AUTO_TEST_CASE(a_full_copy_ends_it_and_calls_nothing_finished_that_is_not) {
  Rescue rescue(4 * kMiB, {});
  io::FaultySink full(rescue.copy, {.full_at = kMiB});
  const auto done = run(rescue.drive, full, rescue.state, rescue.domains, rescue.settings,
                        rescue.recorder, rescue.stop);
  BOOST_TEST((done.error().code == Code::environment));
  BOOST_TEST(rescue.recorder.kept.map.bytes_of(Status::finished) == kMiB);
  rescue.check_copy();
}

BOOST_AUTO_TEST_CASE(the_state_is_kept_every_half_minute) {
  Rescue rescue(kMiB, {.bad = ExtentMap::from({{0, 64 * kKiB}})});
  rescue.must_go();
  // 129 failed reads of two seconds each, and the end.
  BOOST_TEST(rescue.drive.reads().failed == 129u);
  BOOST_TEST(rescue.recorder.keeps == 258 / 30 + 1);
}

BOOST_AUTO_TEST_CASE(borders_inside_a_sector_are_joined_to_what_came_least_far) {
  AreaMap map(16384);
  map.set({0, 5000}, Status::finished);
  map.set({5000, 1000}, Status::bad);
  map.set({6000, 3000}, Status::non_trimmed);
  map.set({9000, 7384}, Status::finished);
  join_sectors(map, 4096);
  BOOST_TEST((map.extents_of(Status::finished) == ExtentMap::from({{0, 5000}, {9000, 7384}})));
  BOOST_TEST((map.extents_of(Status::non_trimmed) == ExtentMap::from({{5000, 4000}})));
  BOOST_TEST(map.bytes_of(Status::bad) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::rescue
