#include "core/extent_map.h"

#include <bitset>
#include <boost/test/unit_test.hpp>
#include <random>
#include <vector>

namespace drydock {
namespace {

// The same set kept the simplest way: a bit a byte.
constexpr std::size_t kBytes = 160;
using Model = std::bitset<kBytes>;

Model model_of(Extent extent) {
  Model model;
  for (std::uint64_t i = extent.offset; i < extent.end() && i < kBytes; ++i) model.set(i);
  return model;
}

Model model_of(const ExtentMap& map) {
  Model model;
  for (const Extent& extent : map.extents()) model |= model_of(extent);
  return model;
}

// Sorted, never empty, neither overlapping nor touching.
void check_invariant(const ExtentMap& map) {
  bool first = true;
  std::uint64_t end = 0;
  for (const Extent& extent : map.extents()) {
    BOOST_TEST(extent.length > 0u);
    BOOST_TEST((first || extent.offset > end));
    end = extent.end();
    first = false;
  }
  BOOST_TEST(map.end() == end);
}

void check_same(const ExtentMap& map, const Model& model) {
  check_invariant(map);
  BOOST_TEST((model_of(map) == model));
  BOOST_TEST(map.bytes() == model.count());
  BOOST_TEST(map.empty() == model.none());
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  std::uint64_t below(std::uint64_t limit) {
    return std::uniform_int_distribution<std::uint64_t>(0, limit - 1)(engine_);
  }
  Extent extent() {
    const std::uint64_t offset = below(kBytes + 1);
    return {offset, below(std::min<std::uint64_t>(kBytes - offset, 24) + 1)};
  }
  ExtentMap map() {
    ExtentMap map;
    for (std::uint64_t n = below(12); n > 0; --n) map.add(extent());
    return map;
  }

 private:
  std::mt19937 engine_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(core_extent_map)

BOOST_AUTO_TEST_CASE(adding_in_any_order) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    Random random(seed);
    ExtentMap map;
    Model model;
    std::vector<Extent> added;
    for (int i = 0; i < 20; ++i) {
      const Extent extent = random.extent();
      added.push_back(extent);
      map.add(extent);
      model |= model_of(extent);
      check_same(map, model);
    }
    BOOST_TEST((ExtentMap::from(added) == map));
  }
}

BOOST_AUTO_TEST_CASE(questions_about_a_window) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    Random random(seed);
    const ExtentMap map = random.map();
    const Model model = model_of(map);
    const Extent window = random.extent();
    const Model inside = model & model_of(window);
    BOOST_TEST(map.contains(window) == (inside == model_of(window)));
    BOOST_TEST(map.intersects(window) == inside.any());
    check_same(map.clipped(window), inside);
    Model touching;
    for (const Extent& extent : map.touching(window)) {
      BOOST_TEST(intersection(extent, window).length > 0u);
      touching |= model_of(extent);
    }
    BOOST_TEST(((touching & model_of(window)) == inside));
  }
}

BOOST_AUTO_TEST_CASE(algebra_of_two_maps) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    Random random(seed);
    const ExtentMap a = random.map();
    const ExtentMap b = random.map();
    const Model x = model_of(a);
    const Model y = model_of(b);
    check_same(a.united(b), x | y);
    check_same(a.intersected(b), x & y);
    check_same(a.subtracted(b), x & ~y);
    const std::uint64_t bytes = random.below(kBytes + 1);
    check_same(a.complement(bytes), ~x & model_of(Extent{0, bytes}));
    BOOST_TEST((a.united(b) == b.united(a)));
  }
}

BOOST_AUTO_TEST_CASE(widening_to_units) {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    Random random(seed);
    const ExtentMap map = random.map();
    const Model model = model_of(map);
    const std::uint64_t unit = 1 + random.below(20);
    const std::uint64_t limit = random.below(kBytes + 1);
    Model expected;
    for (std::uint64_t i = 0; i < limit; ++i)
      for (std::uint64_t j = i - i % unit; j < i - i % unit + unit && j < kBytes; ++j)
        if (model.test(j)) expected.set(i);
    check_same(map.aligned_outward(unit, limit), expected);
  }
}

BOOST_AUTO_TEST_CASE(moving_up) {
  const ExtentMap map = ExtentMap::from({{0, 5}, {10, 5}});
  BOOST_TEST((map.shifted(100) == ExtentMap::from({{100, 5}, {110, 5}})));
  BOOST_TEST((map.shifted(0) == map));
}

BOOST_AUTO_TEST_CASE(the_empty_and_the_whole) {
  BOOST_TEST(ExtentMap().empty());
  BOOST_TEST(ExtentMap().end() == 0u);
  BOOST_TEST(ExtentMap::whole(0).empty());
  BOOST_TEST(ExtentMap().contains({5, 0}));
  BOOST_TEST(!ExtentMap::whole(10).intersects({5, 0}));
  BOOST_TEST((ExtentMap().complement(10) == ExtentMap::whole(10)));
  BOOST_TEST(ExtentMap::whole(10).complement(10).empty());
}

BOOST_AUTO_TEST_CASE(up_to_the_end_of_the_numbers) {
  const ExtentMap map = ExtentMap::whole(UINT64_MAX);
  BOOST_TEST(map.contains({UINT64_MAX - 1, 1}));
  BOOST_TEST((map.aligned_outward(4096, UINT64_MAX) == map));
  ExtentMap high;
  high.add({UINT64_MAX - 10, 5});
  BOOST_TEST(
      (high.aligned_outward(4096, UINT64_MAX).extents()[0] == Extent{UINT64_MAX - 4095, 4095}));
  BOOST_TEST(high.complement(UINT64_MAX).bytes() == UINT64_MAX - 5);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock
