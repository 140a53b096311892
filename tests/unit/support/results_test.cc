// The recorder, seen from outside: this program runs itself with the sample cases below, which are
// off unless asked for, and reads what was recorded.
#include "support/results.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include "support/files.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {

namespace ut = boost::unit_test;

BOOST_AUTO_TEST_SUITE(recorder_samples, *ut::disabled())

BOOST_AUTO_TEST_CASE(passes) {
  BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(fails) {
  BOOST_TEST(false);
}

BOOST_AUTO_TEST_CASE(skips) {
  return skip("the machine\thas no\nwheels");
}

BOOST_AUTO_TEST_CASE(fails_and_skips) {
  BOOST_TEST(false);
  return skip("too late");
}

BOOST_AUTO_TEST_CASE(throws) {
  throw std::runtime_error("out of paper");
}

boost::test_tools::assertion_result never(ut::test_unit_id) {
  boost::test_tools::assertion_result no(false);
  no.message() << "not on a Sunday";
  return no;
}

BOOST_AUTO_TEST_CASE(is_held_back, *ut::precondition(never)) {
  BOOST_TEST(true);
}

BOOST_AUTO_TEST_CASE(dies) {
  std::_Exit(7);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(support_results)

// What a run of the sample case leaves in the results file.
std::string recorded(const std::string& sample) {
  const TempDir dir;
  const std::string file = dir / "results";
  run({.argv = {"/proc/self/exe", "--run_test=recorder_samples/" + sample},
       .env = {{"DRYDOCK_TEST_RESULTS", file}}});
  return read_file(file);
}

const std::string kAt = "recorder_samples/";

BOOST_AUTO_TEST_CASE(a_pass_and_a_failure) {
  BOOST_TEST(recorded("passes") == "start\t" + kAt + "passes\t\npass\t" + kAt + "passes\t\n");
  BOOST_TEST(recorded("fails") == "start\t" + kAt + "fails\t\nfail\t" + kAt + "fails\t\n");
}

BOOST_AUTO_TEST_CASE(a_skip_has_its_reason_on_one_line) {
  BOOST_TEST(recorded("skips") ==
             "start\t" + kAt + "skips\t\nskip\t" + kAt + "skips\tthe machine has no wheels\n");
  BOOST_TEST(recorded("is_held_back") ==
             "skip\t" + kAt + "is_held_back\tprecondition failed: not on a Sunday\n");
}

BOOST_AUTO_TEST_CASE(a_failure_cannot_be_skipped_away) {
  BOOST_TEST(recorded("fails_and_skips").find("\nfail\t") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_exception_is_a_failure_with_its_words) {
  const std::string lines = recorded("throws");
  BOOST_TEST(lines.find("\nfail\t") != std::string::npos);
  BOOST_TEST(lines.find("out of paper") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_crash_leaves_a_start_with_nothing_after_it) {
  BOOST_TEST(recorded("dies") == "start\t" + kAt + "dies\t\n");
}

BOOST_AUTO_TEST_CASE(cases_not_asked_for_are_no_results) {
  const std::string lines = recorded("passes");
  BOOST_TEST(std::ranges::count(lines, '\n') == 2);
}

BOOST_AUTO_TEST_CASE(programs_are_found_or_missing_by_name) {
  BOOST_TEST(!missing_program("sh").has_value());
  BOOST_TEST(missing_program("no-such-program").value_or("") == "no-such-program is not installed");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
