#include "support/results.h"

#include <fcntl.h>
#include <unistd.h>

#include <boost/test/execution_monitor.hpp>
#include <boost/test/results_collector.hpp>
#include <boost/test/tree/observer.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <optional>
#include <string>

namespace drydock::test {
namespace {

namespace ut = boost::unit_test;

std::optional<std::string> skip_reason;  // of the test case that is running

// Its lines have no tabs or line breaks but those that separate fields and records.
std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\t' || c == '\r') c = ' ';
  }
  return text;
}

class Recorder : public ut::test_observer {
 public:
  void test_unit_start(const ut::test_unit& unit) override {
    if (unit.p_type != ut::TUT_CASE) return;
    skip_reason.reset();
    failure_.clear();
    write("start", unit, "");
  }

  void exception_caught(const boost::execution_exception& error) override {
    const boost::execution_exception::location& at = error.where();
    failure_ = std::string(at.m_file_name.begin(), at.m_file_name.end()) + ":" +
               std::to_string(at.m_line_num) + ": " +
               std::string(error.what().begin(), error.what().end());
  }

  // A case that its decorator or a failed dependency keeps from running.
  void test_unit_skipped(const ut::test_unit& unit, boost::unit_test::const_string why) override {
    // Cases that were not asked for on the command line are not results.
    if (unit.p_type != ut::TUT_CASE || !unit.is_enabled()) return;
    write("skip", unit, std::string(why.begin(), why.end()));
  }

  void test_unit_finish(const ut::test_unit& unit, unsigned long) override {
    if (unit.p_type != ut::TUT_CASE) return;
    const ut::test_results& results = ut::results_collector.results(unit.p_id);
    if (!results.passed()) {
      write("fail", unit, failure_);
    } else if (skip_reason) {
      write("skip", unit, *skip_reason);
    } else {
      write("pass", unit, "");
    }
    skip_reason.reset();
  }

  // Before the results collector's own (1), which would count the units it has not seen finish.
  int priority() override { return 3; }

 private:
  static void write(const char* outcome, const ut::test_unit& unit, const std::string& why) {
    const char* const file = std::getenv("DRYDOCK_TEST_RESULTS");
    if (file == nullptr) return;
    const std::string line =
        std::string(outcome) + "\t" + unit.full_name() + "\t" + one_line(why) + "\n";
    const int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0) return;
    [[maybe_unused]] const ssize_t written = ::write(fd, line.data(), line.size());
    close(fd);
  }

  std::string failure_;
};

struct Registration {
  Registration() { ut::framework::register_observer(recorder); }
  ~Registration() { ut::framework::deregister_observer(recorder); }
  Recorder recorder;
};

BOOST_TEST_GLOBAL_FIXTURE(Registration);

}  // namespace

void record_skip(std::string_view why) {
  skip_reason = std::string(why);
  BOOST_TEST_MESSAGE("skipped: " << why);
}

}  // namespace drydock::test
