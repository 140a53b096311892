#include "rescue/area_map.h"

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

namespace drydock::rescue {
namespace {

std::string text_of(const AreaMap& map) {
  std::string text;
  for (std::size_t i = 0; i < map.size(); ++i) {
    const Area area = map.area(i);
    text += std::string(area.extent.length, static_cast<char>(area.status));
  }
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rescue_area_map)

BOOST_AUTO_TEST_CASE(a_new_map_was_never_tried) {
  const AreaMap map(100);
  BOOST_TEST(map.size() == 1u);
  BOOST_TEST(map.bytes_of(Status::non_tried) == 100u);
  BOOST_TEST((map.at(99) == Area{{0, 100}, Status::non_tried}));
  BOOST_TEST(AreaMap(0).size() == 0u);
  BOOST_TEST(!AreaMap(0).next(Status::non_tried, 0));
}

// The same as one character a byte; neighbours differ; the totals are right.
BOOST_AUTO_TEST_CASE(it_is_what_a_byte_by_byte_map_would_be) {
  constexpr std::size_t kBytes = 60;
  std::mt19937 random(7);
  AreaMap map(kBytes);
  std::string model(kBytes, '?');
  for (int round = 0; round < 20000; ++round) {
    const std::size_t offset = random() % kBytes;
    const std::size_t length = random() % (round % 2 == 0 ? 5 : kBytes - offset + 1);
    const Extent extent{offset, std::min(length, kBytes - offset)};
    const Status status = kStatuses[random() % kStatuses.size()];
    map.set(extent, status);
    model.replace(extent.offset, extent.length, extent.length, static_cast<char>(status));
    BOOST_REQUIRE_EQUAL(text_of(map), model);
    for (std::size_t i = 1; i < map.size(); ++i)
      BOOST_REQUIRE((map.area(i - 1).status != map.area(i).status));
    for (const Status each : kStatuses)
      BOOST_REQUIRE_EQUAL(map.bytes_of(each), std::ranges::count(model, static_cast<char>(each)));
    const std::size_t from = random() % kBytes;
    const auto next = map.next(status, from);
    const auto found = model.find(static_cast<char>(status), from);
    BOOST_REQUIRE_EQUAL(next ? next->extent.offset : std::string::npos, found);
    const auto previous = map.previous(status, from);
    const auto before =
        from == 0 ? std::string::npos : model.rfind(static_cast<char>(status), from - 1);
    BOOST_REQUIRE_EQUAL(previous ? previous->extent.end() - 1 : std::string::npos, before);
  }
}

BOOST_AUTO_TEST_CASE(runs_of_one_status_as_extents) {
  AreaMap map(100);
  map.set({10, 10}, Status::bad);
  map.set({20, 10}, Status::finished);
  map.set({30, 5}, Status::bad);
  BOOST_TEST((map.extents_of(Status::bad) == ExtentMap::from({{10, 10}, {30, 5}})));
  BOOST_TEST((map.next(Status::bad, 15) == Area{{15, 5}, Status::bad}));
  BOOST_TEST((map.previous(Status::bad, 33) == Area{{30, 3}, Status::bad}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::rescue
