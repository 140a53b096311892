#include "fs/trust.h"

#include <boost/test/unit_test.hpp>

namespace drydock::fs {

BOOST_AUTO_TEST_SUITE(fs_trust)

BOOST_AUTO_TEST_CASE(an_unknown_flag_is_named) {
  BOOST_TEST(only_known(0x5, 0x7, "incompatible features").has_value());
  BOOST_TEST(only_known(0x15, 0x7, "incompatible features").error().what ==
             "it uses incompatible features that Drydock does not know (0x10)");
}

BOOST_AUTO_TEST_CASE(a_filesystem_fits_into_its_volume_or_not) {
  BOOST_TEST(must_fit(10, "blocks", 512, 5120).has_value());
  BOOST_TEST(must_fit(10, "blocks", 512, 5119).error().what ==
             "it says that it has 10 blocks of 512 bytes, more than the volume");
  BOOST_TEST(!must_fit(UINT64_MAX, "blocks", 512, UINT64_MAX).has_value());
}

BOOST_AUTO_TEST_CASE(metadata_called_free_is_told_with_its_place) {
  const auto in_use = ExtentMap::from({{0, 2048}, {4096, 1024}});
  BOOST_TEST(metadata_in_use(in_use, ExtentMap::from({{512, 1024}, {4096, 1024}}), "its bitmaps",
                             "blocks", 512)
                 .has_value());
  BOOST_TEST(metadata_in_use(in_use, ExtentMap::from({{1536, 1024}}), "its bitmaps", "blocks", 512)
                 .error()
                 .what == "its bitmaps call metadata free (blocks 3 to 4)");
}

BOOST_AUTO_TEST_CASE(what_lies_around_a_filesystem_is_kept) {
  const auto in_use = ExtentMap::from({{3000, 100}});
  BOOST_TEST((with_outside(in_use, {2000, 6000}, 9000) ==
              ExtentMap::from({{0, 2000}, {3000, 100}, {8000, 1000}})));
  BOOST_TEST((with_outside(in_use, {0, 9000}, 9000) == in_use));
}

BOOST_AUTO_TEST_CASE(nonsense_is_no_size) {
  VolumeInfo info;
  set_counts(info, 4096, 10, 11);
  set_counts(info, 4096, UINT64_MAX, 1);
  BOOST_TEST((info == VolumeInfo()));
  set_counts(info, 4096, 10, 3);
  BOOST_TEST(info.total == 40960u);
  BOOST_TEST(info.free == 12288u);
  BOOST_TEST(info.used == 28672u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
