#include "base/error.h"

#include <boost/test/unit_test.hpp>
#include <cerrno>

#include "base/result.h"

namespace drydock {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return fail(bad_input("number", "is odd"));
  return n / 2;
}

Result<int> quarter(int n) {
  const int halved = TRY(half(n));
  return TRY(half(halved));
}

Result<void> check(int n) {
  TRY(quarter(n));
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(base_error)

BOOST_AUTO_TEST_CASE(a_sentence_says_where_what_why_and_what_next) {
  BOOST_TEST(
      Error({Code::environment, 0, "/dev/sda", "is in use", "Unmount it first"}).sentence() ==
      "/dev/sda: is in use. Unmount it first.");
  BOOST_TEST(Error({Code::bad_input, 0, {}, "no image given", {}}).sentence() == "no image given.");
  const std::string with_os = os_error(ENOSPC, "disk.img", "cannot be written").sentence();
  BOOST_TEST(with_os.starts_with("disk.img: cannot be written ("));
  BOOST_TEST(with_os.ends_with(")."));
}

BOOST_AUTO_TEST_CASE(every_code_has_a_status_that_is_no_success) {
  BOOST_TEST(exit_status(environment_error("a", "b")) == 1);
  BOOST_TEST(exit_status(bad_input("a", "b")) == 2);
  BOOST_TEST(exit_status(our_bug("a", "b")) == 3);
  BOOST_TEST(exit_status(cancelled("a")) == 4);
  BOOST_TEST(exit_status(os_error(EIO, "a", "b")) == 1);
}

BOOST_AUTO_TEST_CASE(errnos_of_a_bad_medium_are_told_from_all_others) {
  for (const int os : {EIO, ENODATA, EREMOTEIO, EILSEQ, ETIMEDOUT})
    BOOST_TEST((code_of_errno(os) == Code::unreadable));
  for (const int os : {ENODEV, ENXIO, ENOSPC, EACCES, EROFS, ENOENT, EINVAL})
    BOOST_TEST((code_of_errno(os) == Code::environment));
}

BOOST_AUTO_TEST_CASE(try_hands_on_values_and_errors) {
  BOOST_TEST(quarter(12).value() == 3);
  const auto failed = quarter(10);
  BOOST_REQUIRE(!failed.has_value());
  BOOST_TEST(failed.error().what == "is odd");
  BOOST_TEST(check(8).has_value());
  BOOST_TEST(!check(6).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock
