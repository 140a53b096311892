#include "rescue/survey_source.h"

#include <boost/test/unit_test.hpp>

#include "io/memory_disk.h"
#include "rescue/rescued_source.h"
#include "unit/rescue/drive.h"

namespace drydock::rescue {
namespace {

using test::Drive;

class Silent : public Watcher {
 public:
  void began(const Step&, std::size_t) override {}
  void moved(const Mapfile&, const Reads&) override {}
  Result<void> keep(const Mapfile&) override { return {}; }
};

constexpr std::uint64_t kSize = 4 * kMiB;
constexpr std::uint64_t kBad = kMiB + 20 * 512;

struct Survey {
  Survey() { state.map = AreaMap(kSize); }

  bool reads(std::uint64_t offset, std::size_t length) const {
    const auto read = io::read_bytes(source, offset, length);
    if (read) BOOST_TEST(Drive::holds(offset, *read));
    if (!read) BOOST_TEST((read.error().code == Code::unreadable));
    return read.has_value();
  }

  Drive drive{kSize, {.bad = ExtentMap::from({{kBad, 512}})}};
  io::MemoryDisk copy{kSize};
  Mapfile state;
  Settings settings;
  Silent watcher;
  Stop stop;
  Reader reader{drive, copy, state, settings, watcher, stop};
  SurveySource source{reader, drive, &copy};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(rescue_survey_source, Survey)

BOOST_AUTO_TEST_CASE(what_is_read_is_rescued_and_read_once) {
  BOOST_TEST(reads(100, 700));
  BOOST_TEST(reads(5000, 1));
  BOOST_TEST(reads(60 * kKiB, 8 * kKiB));
  BOOST_TEST((drive.reads() == Reads{2, 0}));
  BOOST_TEST(state.map.bytes_of(Status::finished) == 128 * kKiB);
  BOOST_TEST(Drive::holds(0, copy.content().first(128 * kKiB)));
}

BOOST_AUTO_TEST_CASE(of_a_cluster_that_failed_only_what_is_wanted_is_read) {
  // Up to the sector before the bad one: the cluster, and two sectors alone.
  BOOST_TEST(reads(kBad - 1024, 1024));
  BOOST_TEST((drive.reads() == Reads{3, 1}));
  BOOST_TEST((state.map.at(kMiB) == Area{{kMiB, 18 * 512}, Status::non_trimmed}));
  BOOST_TEST((state.map.at(kBad - 1024) == Area{{kBad - 1024, 1024}, Status::finished}));
}

BOOST_AUTO_TEST_CASE(what_is_known_to_be_bad_is_not_tried_again) {
  BOOST_TEST(!reads(kBad - 512, 4096));
  BOOST_TEST((state.map.at(kBad) == Area{{kBad, 512}, Status::bad}));
  const Reads before = drive.reads();
  BOOST_TEST((before == Reads{3, 2}));
  BOOST_TEST(!reads(kBad, 1));
  BOOST_TEST(!reads(kBad - 512, 4096));
  BOOST_TEST((drive.reads() == before));
  BOOST_TEST(reads(kBad + 512, 512));
}

BOOST_AUTO_TEST_CASE(outside_is_no_damage) {
  const auto read = io::read_bytes(source, kSize, 1);
  BOOST_REQUIRE(!read.has_value());
  BOOST_TEST((read.error().code == Code::bad_input));
}

BOOST_AUTO_TEST_CASE(a_copy_stands_for_its_drive) {
  auto content = std::make_unique<io::MemoryDisk>(kMiB);
  const RescuedSource rescued(std::move(content), ExtentMap::from({{512, 512}}));
  BOOST_TEST(io::read_bytes(rescued, 0, 512).has_value());
  BOOST_TEST(io::read_bytes(rescued, 1024, 512).has_value());
  for (const Extent extent : {Extent{0, 513}, Extent{1023, 1}, Extent{0, kMiB}})
    BOOST_TEST(
        (io::read_bytes(rescued, extent.offset, extent.length).error().code == Code::unreadable));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::rescue
