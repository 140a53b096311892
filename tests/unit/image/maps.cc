#include "image/maps.h"

#include <boost/test/unit_test.hpp>
#include <random>

#include "support/image_maker.h"

namespace drydock::image {
namespace {

BOOST_AUTO_TEST_SUITE(image_maps)

BOOST_AUTO_TEST_CASE(come_back_as_they_were) {
  constexpr std::uint64_t kBytes = std::uint64_t{1} << 44;
  for (std::uint32_t seed = 0; seed < 50; ++seed) {
    const Maps maps{test::made_map(kBytes, seed), test::made_map(kBytes, seed + 1000)};
    const auto back = parse_maps(maps_body(maps), kBytes);
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST((*back == maps));
  }
  BOOST_TEST(parse_maps(maps_body({}), 1).has_value());
}

BOOST_AUTO_TEST_CASE(extents_beyond_the_disk_are_refused) {
  const Maps maps{ExtentMap::whole(4096), {}};
  BOOST_TEST(parse_maps(maps_body(maps), 4096).has_value());
  BOOST_TEST(!parse_maps(maps_body(maps), 4095).has_value());
}

BOOST_AUTO_TEST_CASE(any_bytes_are_survived) {
  std::mt19937 random(9);
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::byte> body(random() % 40);
    for (std::byte& b : body) b = static_cast<std::byte>(random());
    const auto maps = parse_maps(body, 1 << 20);
    if (maps) BOOST_TEST(maps->captured.end() <= 1U << 20);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::image
