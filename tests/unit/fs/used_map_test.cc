#include "fs/used_map.h"

#include <boost/test/unit_test.hpp>
#include <vector>

namespace drydock::fs {
namespace {

std::vector<std::byte> bits_of(std::string_view text) {
  std::vector<std::byte> bytes((text.size() + 7) / 8);
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '1') bytes[i / 8] |= std::byte{1} << (i % 8);
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_used_map)

BOOST_AUTO_TEST_CASE(finds_bits_as_a_loop_over_each_would) {
  const std::string text = "0001110" + std::string(130, '1') + "0" + std::string(70, '0') + "101";
  const auto bytes = bits_of(text);
  for (const bool value : {false, true}) {
    for (std::size_t bits = 0; bits <= text.size(); ++bits) {
      for (std::size_t from = 0; from <= bits; ++from) {
        const std::size_t found = text.substr(0, bits).find(value ? '1' : '0', from);
        const std::uint64_t expected = found == std::string::npos ? bits : found;
        BOOST_REQUIRE(find_bit(bytes, bits, from, value) == expected);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(one_bit_is_read_as_all_are_counted) {
  const std::string text =
      "10110010"
      "0111";
  const auto bytes = bits_of(text);
  std::uint64_t set = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    BOOST_TEST(bit_at(bytes, i) == (text[i] == '1'));
    set += text[i] == '1' ? 1 : 0;
    BOOST_TEST(count_bits(bytes, i + 1) == set);
  }
}

BOOST_AUTO_TEST_CASE(set_bits_become_extents_and_are_counted) {
  UsedMap map(10'000);
  BOOST_TEST(map.keep_bits(bits_of("0110001"), 7, 1000, 100) == 3u);
  const ExtentMap taken = std::move(map).take();
  const std::vector<Extent> expected{{1100, 200}, {1600, 100}};
  BOOST_TEST((std::vector(taken.extents().begin(), taken.extents().end()) == expected));
}

BOOST_AUTO_TEST_CASE(nothing_reaches_beyond_the_volume) {
  UsedMap map(1000);
  map.keep(900, 500);
  map.keep(1000, 1);
  map.keep(5000, 1);
  const ExtentMap taken = std::move(map).take();
  BOOST_TEST(taken.bytes() == 100u);
  BOOST_TEST(taken.end() == 1000u);
}

BOOST_AUTO_TEST_CASE(order_does_not_matter) {
  UsedMap map(1000);
  map.keep(500, 10);
  map.keep(100, 10);
  map.keep(505, 10);
  map.keep(110, 5);
  const ExtentMap taken = std::move(map).take();
  BOOST_TEST((taken == ExtentMap::from({{100, 15}, {500, 15}})));
}

BOOST_AUTO_TEST_CASE(too_many_extents_cost_their_smallest_gaps_and_never_a_used_byte) {
  constexpr std::size_t kMost = 100;
  UsedMap map(10'000'000, kMost);
  ExtentMap exact;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    const Extent extent{i * 2000 + i % 7 * 100, 600};
    map.keep(extent.offset, extent.length);
    exact.add(extent);
  }
  const ExtentMap taken = std::move(map).take();
  BOOST_TEST(taken.extents().size() <= kMost);
  BOOST_TEST(exact.subtracted(taken).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
