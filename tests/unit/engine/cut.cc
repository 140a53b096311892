#include "engine/cut.h"

#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

namespace drydock::engine {
namespace {

constexpr std::uint64_t kChunk = 1000;
constexpr std::uint64_t kRun = 4000;

std::vector<Cut> cuts_of(const ExtentMap& used, std::uint64_t bytes) {
  Cutter cutter(used, bytes, kChunk, kRun);
  std::vector<Cut> cuts;
  while (const auto cut = cutter.next()) cuts.push_back(*cut);
  return cuts;
}

BOOST_AUTO_TEST_SUITE(engine_cut)

BOOST_AUTO_TEST_CASE(an_unused_disk_is_runs) {
  const auto cuts = cuts_of({}, 9500);
  BOOST_REQUIRE(cuts.size() == 3U);
  BOOST_TEST((cuts[0].extent == Extent{0, 4000}));
  BOOST_TEST((cuts[2].extent == Extent{8000, 1500}));
  BOOST_TEST(!cuts[2].used);
}

BOOST_AUTO_TEST_CASE(a_used_byte_makes_its_chunk_used) {
  ExtentMap used;
  used.add({2999, 1});
  used.add({3000, 1});
  const auto cuts = cuts_of(used, 5000);
  BOOST_REQUIRE(cuts.size() == 4U);
  BOOST_TEST((cuts[0].extent == Extent{0, 2000}));
  BOOST_TEST((cuts[1].extent == Extent{2000, 1000} && cuts[1].used));
  BOOST_TEST((cuts[2].extent == Extent{3000, 1000} && cuts[2].used));
  BOOST_TEST((cuts[3].extent == Extent{4000, 1000} && !cuts[3].used));
}

BOOST_AUTO_TEST_CASE(covers_every_disk_without_gap_and_keeps_what_is_used) {
  std::mt19937_64 random(20261125);
  for (int round = 0; round < 300; ++round) {
    const std::uint64_t bytes = 1 + random() % 30'000;
    std::vector<Extent> extents;
    for (std::uint64_t n = random() % 8; n > 0; --n) {
      const std::uint64_t offset = random() % bytes;
      extents.push_back({offset, 1 + random() % (bytes - offset)});
    }
    const ExtentMap used = ExtentMap::from(extents);
    std::uint64_t position = 0;
    for (const Cut& cut : cuts_of(used, bytes)) {
      BOOST_TEST(cut.extent.offset == position);
      BOOST_TEST(cut.extent.offset % kChunk == 0U);
      BOOST_TEST(cut.extent.length <= (cut.used ? kChunk : kRun));
      BOOST_TEST(used.intersects(cut.extent) == cut.used);
      position = cut.extent.end();
    }
    BOOST_TEST(position == bytes);
    BOOST_TEST(count_cuts(used, bytes, kChunk, kRun) == cuts_of(used, bytes).size());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::engine
