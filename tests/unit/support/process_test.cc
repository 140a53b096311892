#include "support/process.h"

#include <signal.h>

#include <boost/test/unit_test.hpp>

#include "support/temp_dir.h"

namespace drydock::test {

using std::chrono::seconds;

BOOST_AUTO_TEST_SUITE(support_process)

BOOST_AUTO_TEST_CASE(captures_both_outputs_and_the_status) {
  const Outcome o = run({.argv = {"sh", "-c", "echo to out; echo to err >&2; exit 3"}});
  BOOST_TEST(o.status == 3);
  BOOST_TEST(o.signal == 0);
  BOOST_TEST(o.out == "to out\n");
  BOOST_TEST(o.err == "to err\n");
  BOOST_TEST(!o.ok());
}

BOOST_AUTO_TEST_CASE(feeds_input_larger_than_a_pipe_holds) {
  const std::string megabyte(1 << 20, 'x');
  const Outcome o = run({.argv = {"cat"}, .input = megabyte});
  BOOST_TEST(o.ok());
  BOOST_TEST(o.out == megabyte);
}

BOOST_AUTO_TEST_CASE(a_child_that_reads_nothing_is_no_error_of_ours) {
  BOOST_TEST(run({.argv = {"true"}, .input = std::string(1 << 20, 'x')}).ok());
}

BOOST_AUTO_TEST_CASE(passes_environment_and_directory) {
  const TempDir dir;
  const Outcome o = run(
      {.argv = {"sh", "-c", "echo $NAME; pwd -P"}, .env = {{"NAME", "value"}}, .cwd = dir.path()});
  BOOST_TEST(o.out == "value\n" + std::filesystem::canonical(dir.path()).string() + "\n");
}

BOOST_AUTO_TEST_CASE(a_missing_program_is_status_127_with_its_name) {
  const Outcome o = run({.argv = {"no-such-program-anywhere"}});
  BOOST_TEST(o.status == 127);
  BOOST_TEST(o.err.contains("no-such-program-anywhere"));
  BOOST_TEST(!have_program("no-such-program-anywhere"));
  BOOST_TEST(have_program("sh"));
}

BOOST_AUTO_TEST_CASE(reports_the_signal) {
  const Outcome o = run({.argv = {"sh", "-c", "kill -TERM $$"}});
  BOOST_TEST(o.signal == SIGTERM);
  BOOST_TEST(o.status == -1);
}

BOOST_AUTO_TEST_CASE(time_up_kills_the_whole_group) {
  const Outcome o =
      run({.argv = {"sh", "-c", "echo begun; sleep 1000; echo never"}, .timeout = seconds(1)});
  BOOST_TEST(o.timed_out);
  BOOST_TEST(o.signal == SIGKILL);
  BOOST_TEST(o.out == "begun\n");
}

BOOST_AUTO_TEST_CASE(a_process_can_be_talked_to) {
  Process cat({.argv = {"cat"}});
  BOOST_TEST(cat.write("one\n"));
  while (cat.out() != "one\n" && cat.pump(seconds(10))) {
  }
  BOOST_TEST(cat.take_out() == "one\n");
  BOOST_TEST(cat.running());
  cat.close_input();
  const auto o = cat.wait(seconds(60));
  BOOST_REQUIRE(o.has_value());
  BOOST_TEST(o->ok());
  BOOST_TEST(!cat.running());
}

BOOST_AUTO_TEST_CASE(going_out_of_scope_ends_the_child) {
  pid_t pid = 0;
  {
    const Process sleeper({.argv = {"sleep", "1000"}});
    pid = sleeper.pid();
    BOOST_TEST(::kill(pid, 0) == 0);
  }
  BOOST_TEST(::kill(pid, 0) != 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
