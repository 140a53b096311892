#include "base/checked.h"

#include <boost/test/unit_test.hpp>
#include <cstdint>

namespace drydock {

BOOST_AUTO_TEST_SUITE(base_checked)

BOOST_AUTO_TEST_CASE(sums_and_products_that_fit_and_that_do_not) {
  BOOST_TEST(checked_add<std::uint64_t>(UINT64_MAX - 1, 1).value() == UINT64_MAX);
  BOOST_TEST(!checked_add<std::uint64_t>(UINT64_MAX, 1).has_value());
  BOOST_TEST(checked_mul<std::uint64_t>(UINT64_MAX / 512, 512).value() == UINT64_MAX - 511);
  BOOST_TEST(!checked_mul<std::uint64_t>(UINT64_MAX / 512 + 1, 512).has_value());
  BOOST_TEST(!checked_add<std::uint8_t>(200, 56).has_value());
  BOOST_TEST(checked_mul<std::uint32_t>(0, UINT32_MAX).value() == 0u);
}

BOOST_AUTO_TEST_CASE(rounding_to_units_of_any_size) {
  BOOST_TEST(div_ceil(0u, 7u) == 0u);
  BOOST_TEST(div_ceil(14u, 7u) == 2u);
  BOOST_TEST(div_ceil(15u, 7u) == 3u);
  BOOST_TEST(div_ceil<std::uint64_t>(UINT64_MAX, 1) == UINT64_MAX);
  BOOST_TEST(round_down(20u, 7u) == 14u);
  BOOST_TEST(round_up(20u, 7u) == 21u);
  BOOST_TEST(round_up(21u, 7u) == 21u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock
