#include "evaluate/link.h"

#include <boost/test/unit_test.hpp>

namespace drydock::evaluate {
namespace {

std::string judged(const LinkSpeed& link) {
  std::string all;
  for (const Finding& finding : judge_connection(link, {}, {}))
    all += std::string(verdict_word(finding.weight)) + " " + finding.key;
  return all;
}

LinkSpeed sata(std::uint64_t now, std::uint64_t drive, std::uint64_t port) {
  return {"SATA", "now", "drive", "port", now, drive, port};
}

BOOST_AUTO_TEST_SUITE(evaluate_link)

BOOST_AUTO_TEST_CASE(a_link_slower_than_both_ends_is_a_bad_cable) {
  BOOST_TEST(judged(sata(1500, 6000, 6000)) == "watch slow_link");
  BOOST_TEST(judged(sata(1500, 6000, 3000)) == "watch slow_link");
  BOOST_TEST(judged(sata(3000, 6000, 3000)) == "good slow_port");
  BOOST_TEST(judged(sata(1500, 6000, 0)) == "good slow_link");  // the port is not known
  BOOST_TEST(judged(sata(6000, 6000, 6000)).empty());
  BOOST_TEST(judged(sata(3000, 3000, 6000)).empty());
  BOOST_TEST(judged(sata(0, 6000, 6000)).empty());
  BOOST_TEST(judged({}).empty());
}

BOOST_AUTO_TEST_CASE(what_the_drive_said_fills_gaps) {
  Health health;
  health.link_now = "1.5 Gb/s";
  health.link_now_rate = 1'500'000'000;
  health.link_max = "6.0 Gb/s";
  health.link_max_rate = 6'000'000'000;
  DriveFacts facts;
  BOOST_CHECK(
      (link_of(facts, health) == LinkSpeed{"SATA", "1.5 Gb/s", "6.0 Gb/s", "", 1500, 6000, 0}));
  facts.link = {"SATA", "3.0 Gb/s", "", "6.0 Gb/s", 3000, 0, 6000};
  BOOST_CHECK((link_of(facts, health) ==
               LinkSpeed{"SATA", "3.0 Gb/s", "6.0 Gb/s", "6.0 Gb/s", 3000, 6000, 6000}));
  // Inside a USB box nobody can change the cable.
  facts.link = {"USB", "5000 Mb/s", "", "", 5000, 0, 0};
  BOOST_CHECK((link_of(facts, health) == facts.link));
}

BOOST_AUTO_TEST_CASE(a_drive_that_is_smaller_than_it_says) {
  Health health;
  health.bytes = 1000;
  BOOST_TEST(judge_connection({}, health, {.bytes = 512}).size() == 1u);
  BOOST_TEST(judge_connection({}, health, {.bytes = 1000}).empty());
  BOOST_TEST(judge_connection({}, {}, {.bytes = 1000}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::evaluate
