#include "sys/program.h"

#include <boost/test/unit_test.hpp>

namespace drydock::sys {

BOOST_AUTO_TEST_SUITE(sys_program)

BOOST_AUTO_TEST_CASE(what_it_says_and_how_it_ends) {
  const auto end = run_program({"sh", "-c", "echo said; echo wrong >&2; exit 3"});
  BOOST_REQUIRE(end.has_value());
  BOOST_TEST(end->status == 3);
  BOOST_TEST(end->output == "said\n");
  BOOST_TEST(end->errors == "wrong\n");
}

BOOST_AUTO_TEST_CASE(one_that_is_not_there) {
  const auto end = run_program({"/no/such/program"});
  BOOST_REQUIRE(!end.has_value());
  BOOST_TEST(end.error().where == "/no/such/program");
}

// It could stop and ask there, with nobody to see it.
BOOST_AUTO_TEST_CASE(it_has_no_terminal) {
  const auto end = run_program({"sh", "-c", "exec 2>/dev/null; : </dev/tty"});
  BOOST_REQUIRE(end.has_value());
  BOOST_TEST(end->status != 0);
}

BOOST_AUTO_TEST_CASE(a_conversation) {
  auto program = Program::start({"sh", "-c", "read -r word; echo \"$word $MORE\""}, {"MORE=b"});
  BOOST_REQUIRE(program.has_value());
  BOOST_TEST(::write(program->input(), "a\n", 2) == 2);
  char answer[16] = {};
  BOOST_TEST(::read(program->output(), answer, sizeof answer) == 4);
  BOOST_TEST(std::string_view(answer) == "a b\n");
  BOOST_TEST(program->wait() == 0);
}

// The destructor ends it; otherwise this test would take a minute.
BOOST_AUTO_TEST_CASE(one_that_goes_on_is_ended) {
  BOOST_TEST(Program::start({"sleep", "60"}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
