#include "io/masked_source.h"

#include <boost/test/unit_test.hpp>

#include "io/memory_disk.h"

namespace drydock::io {

BOOST_AUTO_TEST_SUITE(io_masked_source)

BOOST_AUTO_TEST_CASE(what_is_not_shown_reads_as_zeros) {
  MemoryDisk disk(4096);
  std::ranges::fill(disk.content(), std::byte{7});
  ExtentMap shown;
  shown.add({100, 50});
  shown.add({1000, 1});
  const MaskedSource masked(disk, shown);
  std::vector<std::byte> all(4096);
  BOOST_REQUIRE(masked.read_at(0, all).has_value());
  for (std::size_t i = 0; i < all.size(); ++i)
    BOOST_TEST((all[i] == (shown.contains({i, 1}) ? std::byte{7} : std::byte{0})));
  std::vector<std::byte> part(60);
  BOOST_REQUIRE(masked.read_at(120, part).has_value());
  BOOST_TEST((std::ranges::count(part, std::byte{7}) == 30));
  BOOST_TEST((masked.data() == shown));
  BOOST_TEST(!masked.read_at(4090, part).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::io
