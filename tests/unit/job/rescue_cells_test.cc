#include "job/rescue_cells.h"

#include <boost/test/unit_test.hpp>

#include "base/units.h"

namespace drydock::job {

using rescue::AreaMap;
using rescue::Status;

BOOST_AUTO_TEST_SUITE(rescue_cells_of_a_map)

BOOST_AUTO_TEST_CASE(each_part_is_told_by_its_worst_byte) {
  AreaMap map(600);
  map.set({100, 500}, Status::finished);
  map.set({250, 1}, Status::non_trimmed);
  map.set({399, 2}, Status::non_scraped);
  map.set({599, 1}, Status::bad);
  BOOST_TEST(rescue_cells(map, 6) == "?+*//-");
}

BOOST_AUTO_TEST_CASE(worse_wins_whatever_comes_first) {
  for (std::size_t good = 0; good < kCellStates.size(); ++good)
    for (std::size_t bad = good; bad < kCellStates.size(); ++bad)
      for (const bool turned : {false, true}) {
        AreaMap map(2);
        map.set({turned ? 1U : 0U, 1}, static_cast<Status>(kCellStates[good]));
        map.set({turned ? 0U : 1U, 1}, static_cast<Status>(kCellStates[bad]));
        BOOST_TEST(rescue_cells(map, 1) == std::string(1, kCellStates[bad]));
      }
}

BOOST_AUTO_TEST_CASE(every_status_has_a_sign) {
  for (const Status status : rescue::kStatuses)
    BOOST_TEST(kCellStates.contains(static_cast<char>(status)));
}

BOOST_AUTO_TEST_CASE(never_more_parts_than_bytes_or_than_asked_for) {
  BOOST_TEST(rescue_cells(AreaMap(3), 1000) == "???");
  BOOST_TEST(rescue_cells(AreaMap(), 1000) == "");
  for (const std::uint64_t bytes : {999ULL, 1001ULL, 5'000'981'078'016ULL, ~0ULL >> 1}) {
    const std::size_t count = rescue_cells(AreaMap(bytes), 1000).size();
    BOOST_TEST(count <= 1000U);
    BOOST_TEST(count >= 500U);
  }
}

BOOST_AUTO_TEST_CASE(fewer_parts_lose_no_bad_place) {
  for (std::size_t at = 0; at < 1000; ++at) {
    std::string cells(1000, '+');
    cells[at] = '-';
    for (const std::size_t count : {1UL, 7UL, 390UL, 999UL}) {
      const std::string fewer = fewer_cells(cells, count);
      BOOST_REQUIRE(fewer.size() == count);
      BOOST_REQUIRE(fewer.contains('-'));
    }
  }
  BOOST_TEST(fewer_cells("+?-", 3) == "+?-");
  BOOST_TEST(fewer_cells("+?-", 9) == "+?-");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::job
