#include "base/units.h"

#include <boost/test/unit_test.hpp>
#include <cstdint>

namespace drydock {

using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(base_units)

BOOST_AUTO_TEST_CASE(binary_sizes) {
  BOOST_TEST(human_bytes(0) == "0 B");
  BOOST_TEST(human_bytes(1023) == "1023 B");
  BOOST_TEST(human_bytes(1024) == "1.0 KiB");
  BOOST_TEST(human_bytes(1536 * kKiB) == "1.5 MiB");
  BOOST_TEST(human_bytes(8 * kGiB) == "8.0 GiB");
  BOOST_TEST(human_bytes(UINT64_MAX) == "16.0 EiB");
}

BOOST_AUTO_TEST_CASE(rounding_never_reaches_the_next_unit) {
  BOOST_TEST(human_bytes(kMiB - 1) == "1.0 MiB");
  BOOST_TEST(human_bytes(kMiB - 51) == "1.0 MiB");  // 1023.9502 KiB
  BOOST_TEST(human_bytes(kMiB - 52) == "1023.9 KiB");
  BOOST_TEST(human_bytes(kMiB - 1024) == "1023.0 KiB");
  BOOST_TEST(vendor_bytes(999'499'999) == "999 MB");
  BOOST_TEST(vendor_bytes(999'500'000) == "1.0 GB");
}

BOOST_AUTO_TEST_CASE(sizes_as_on_the_label_of_a_drive) {
  BOOST_TEST(vendor_bytes(999) == "999 B");
  BOOST_TEST(vendor_bytes(500'107'862'016) == "500 GB");
  BOOST_TEST(vendor_bytes(2'000'398'934'016) == "2.0 TB");
  BOOST_TEST(vendor_bytes(31'914'983'424) == "31.9 GB");
  BOOST_TEST(vendor_bytes(99'960'000'000) == "100 GB");
}

BOOST_AUTO_TEST_CASE(durations) {
  BOOST_TEST(human_duration(seconds(0)) == "0 s");
  BOOST_TEST(human_duration(seconds(59)) == "59 s");
  BOOST_TEST(human_duration(seconds(200)) == "3 min 20 s");
  BOOST_TEST(human_duration(seconds(7500)) == "2 h 05 min");
  BOOST_TEST(human_duration(seconds(100 * 3600)) == "100 h 00 min");
}

BOOST_AUTO_TEST_CASE(sizes_that_a_person_types) {
  BOOST_TEST(parse_bytes("0").value() == 0u);
  BOOST_TEST(parse_bytes("4096").value() == 4096u);
  BOOST_TEST(parse_bytes("4096B").value() == 4096u);
  BOOST_TEST(parse_bytes("64K").value() == 64 * kKiB);
  BOOST_TEST(parse_bytes("64k").value() == 64 * kKiB);
  BOOST_TEST(parse_bytes("1MiB").value() == kMiB);
  BOOST_TEST(parse_bytes("2 G").value() == 2 * kGiB);
  BOOST_TEST(parse_bytes("1TB").value() == 1'000'000'000'000u);
  BOOST_TEST(parse_bytes("16383P").value() == 16383 * 1024 * kTiB);
  for (const char* bad : {"", "K", "-1", "1.5G", "1X", "1KX", "1iB", " 1", "1 GiB x", "16384P",
                          "18446744073709551616", "0x10"})
    BOOST_TEST(!parse_bytes(bad).has_value(), bad);
}

BOOST_AUTO_TEST_CASE(counts) {
  BOOST_TEST(counted(0, "file") == "0 files");
  BOOST_TEST(counted(1, "file") == "1 file");
  BOOST_TEST(counted(2, "file") == "2 files");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock
