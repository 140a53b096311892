#include "core/consent.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace drydock {
namespace {

Target drive() {
  return {"/dev/sdb", {"Some Drive", "S3R-42 x", {}, "USB"}, 2'000'398'934'016, false};
}

void check_accepted(const Target& target, std::string_view typed) {
  const auto consent = Consent::typed(target, typed);
  BOOST_TEST(consent.has_value(), typed);
  if (consent) BOOST_TEST((consent->target() == target));
}

void check_refused(const Target& target, std::string_view typed) {
  const auto consent = Consent::typed(target, typed);
  BOOST_REQUIRE_MESSAGE(!consent.has_value(), typed);
  BOOST_TEST((consent.error().code == Code::cancelled));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(core_consent)

BOOST_AUTO_TEST_CASE(the_serial_number_and_every_form_of_the_size) {
  for (const std::string_view typed : {"S3R-42 x", "s3r-42X", "2000398934016", "2.0 TB", "2.0tb",
                                       "2TB", "2 tb", "1.8 TiB", " 1.8tib "})
    check_accepted(drive(), typed);
}

BOOST_AUTO_TEST_CASE(anything_else_is_a_no) {
  for (const std::string_view typed : {"", " ", "yes", "y", "/dev/sdb", "Some Drive", "2", "2000",
                                       "1 TB", "20 TB", "S3R-42", "2000398934015", "2.0 TBx"})
    check_refused(drive(), typed);
}

BOOST_AUTO_TEST_CASE(a_drive_without_a_serial_number_needs_its_size) {
  Target target = drive();
  target.id.serial.clear();
  check_refused(target, "");
  check_accepted(target, "2tb");
}

BOOST_AUTO_TEST_CASE(what_is_shown_as_an_answer_is_accepted_as_one) {
  for (const std::uint64_t bytes : {std::uint64_t{1}, std::uint64_t{512}, std::uint64_t{64'000'000},
                                    std::uint64_t{500'107'862'016}, std::uint64_t{1} << 40}) {
    Target target = drive();
    target.bytes = bytes;
    for (const std::string& answer : accepted_answers(target)) check_accepted(target, answer);
  }
}

BOOST_AUTO_TEST_CASE(the_command_line_agrees_for_the_target_it_names) {
  BOOST_TEST((Consent::by_command_line(drive()).target() == drive()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock
