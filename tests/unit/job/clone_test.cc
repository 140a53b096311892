// Plans and runs of clone on a fake computer, by the promises of the design.
#include "job/clone.h"

#include <boost/test/unit_test.hpp>
#include <cerrno>

#include "base/units.h"
#include "support/files.h"
#include "unit/job/computer.h"

namespace drydock::job {
namespace {

struct Clones : test::Computer {
  test::Recorder observer;
  const Stop never;

  Clones() { add_system_drive("/dev/sda", 8); }

  std::string content(const std::string& path) const {
    return drydock::test::read_file(machine.content(path));
  }

  Result<Report> clone(const CloneRequest& request) {
    auto plan = TRY(plan_clone(machine, request));
    const Consent consent = Consent::by_command_line(*plan.summary().overwrites);
    return run(std::move(plan), consent, observer, never);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_clone, Clones)

BOOST_AUTO_TEST_CASE(promise_1_only_the_target_is_opened_for_writing) {
  add_empty_drive("/dev/sdb", 8 * kMiB);
  const std::string before = content("/dev/sda");
  const auto report = clone({.source = "/dev/sda", .target = "/dev/sdb", .verify = true});
  BOOST_REQUIRE(report.has_value());
  BOOST_TEST(report->verified);
  BOOST_TEST((content("/dev/sda") == before));
  BOOST_TEST((machine.opened_for_writing() == std::vector<std::string>{"/dev/sdb"}));
  BOOST_TEST((machine.tables_reread() == std::vector<std::string>{"/dev/sdb"}));
}

BOOST_AUTO_TEST_CASE(promise_1_a_consent_for_another_drive_opens_nothing) {
  add_empty_drive("/dev/sdb", 8 * kMiB);
  auto plan = plan_clone(machine, {.source = "/dev/sda", .target = "/dev/sdb"});
  BOOST_REQUIRE(plan.has_value());
  Target other = *plan->summary().overwrites;
  other.id.serial = "another";
  const auto report = run(std::move(*plan), Consent::by_command_line(other), observer, never);
  BOOST_REQUIRE(!report);
  BOOST_TEST((report.error().code == Code::bug));
  BOOST_TEST(machine.opened_for_writing().empty());
}

BOOST_AUTO_TEST_CASE(all_that_is_in_use_arrives_and_nothing_else_is_touched) {
  add_empty_drive("/dev/sdb", 8 * kMiB);
  drydock::test::write_file(machine.content("/dev/sdb"), std::string(8 * kMiB, 'x'));
  const auto plan = plan_clone(machine, {.source = "/dev/sda", .target = "/dev/sdb"});
  BOOST_REQUIRE(plan.has_value());
  BOOST_TEST(plan->summary().kept_bytes < plan->summary().source_bytes);
  for (const unsigned threads : {1U, 5U}) {
    const auto report = clone({.source = "/dev/sda", .target = "/dev/sdb", .threads = threads});
    BOOST_REQUIRE(report.has_value());
    const std::string source = content("/dev/sda");
    const std::string target = content("/dev/sdb");
    std::uint64_t same = 0;
    std::uint64_t untouched = 0;
    for (std::size_t i = 0; i < source.size(); ++i) {
      if (target[i] == source[i]) ++same;
      if (target[i] == 'x' && source[i] != 'x') ++untouched;
    }
    BOOST_TEST(same >= report->kept_bytes);
    BOOST_TEST(same + untouched == source.size());
    BOOST_TEST(untouched > 0u);
  }
  BOOST_REQUIRE(clone({.source = "/dev/sda", .target = "/dev/sdb", .all = true}).has_value());
  BOOST_TEST((content("/dev/sdb") == content("/dev/sda")));
}

BOOST_AUTO_TEST_CASE(a_drive_is_no_target_for_itself_or_a_part_of_it) {
  machine.add_partition("/dev/sda1", "/dev/sda", {kMiB, kMiB});
  machine.add_partition("/dev/sda2", "/dev/sda", {2 * kMiB, 6 * kMiB});
  for (const auto& [source, target] :
       {std::pair{"/dev/sda", "/dev/sda"}, {"/dev/sda", "/dev/sda2"}, {"/dev/sda1", "/dev/sda"}}) {
    const auto plan = plan_clone(machine, {.source = source, .target = target});
    BOOST_REQUIRE(!plan);
    BOOST_TEST(plan.error().what.contains("is or holds what is to be copied"));
    BOOST_TEST(exit_status(plan.error()) == 2);
  }
  BOOST_TEST(plan_clone(machine, {.source = "/dev/sda1", .target = "/dev/sda2"}).has_value());
  BOOST_TEST(machine.opened_for_writing().empty());
}

BOOST_AUTO_TEST_CASE(a_target_that_is_too_small_is_refused) {
  add_empty_drive("/dev/sdb", 4 * kMiB);
  const auto plan = plan_clone(machine, {.source = "/dev/sda", .target = "/dev/sdb"});
  BOOST_REQUIRE(!plan);
  BOOST_TEST(exit_status(plan.error()) == 2);
  BOOST_TEST(machine.opened_for_writing().empty());
}

BOOST_AUTO_TEST_CASE(sectors_that_cannot_be_read_are_zeros_on_the_target_and_status_5) {
  add_empty_drive("/dev/sdb", 8 * kMiB);
  ExtentMap bad;
  bad.add({4 * kMiB, 1024});
  machine.break_drive("/dev/sda", {.unreadable = bad, .os = EIO, .dies_after = {}, .full_at = {}});
  const auto report = clone({.source = "/dev/sda", .target = "/dev/sdb", .verify = true});
  BOOST_REQUIRE(report.has_value());
  BOOST_TEST(report->exit_status() == 5);
  BOOST_TEST((report->unreadable == bad));
}

BOOST_AUTO_TEST_CASE(promise_4_no_false_success_when_either_drive_fails) {
  add_empty_drive("/dev/sdb", 8 * kMiB);
  machine.break_drive("/dev/sdb", {.unreadable = {}, .dies_after = {}, .full_at = 0});
  const auto full = clone({.source = "/dev/sda", .target = "/dev/sdb"});
  BOOST_REQUIRE(!full);
  BOOST_TEST(full.error().hint.contains("must not be used"));
  add_empty_drive("/dev/sdc", 8 * kMiB);
  machine.break_drive("/dev/sda", {.unreadable = {}, .dies_after = 60, .full_at = {}});
  const auto died = clone({.source = "/dev/sda", .target = "/dev/sdc"});
  BOOST_REQUIRE(!died);
  BOOST_TEST(exit_status(died.error()) == 1);
}

BOOST_AUTO_TEST_CASE(progress_ends_at_the_amount_of_the_plan) {
  add_empty_drive("/dev/sdb", 8 * kMiB);
  const auto report = clone({.source = "/dev/sda", .target = "/dev/sdb"});
  BOOST_REQUIRE(report.has_value());
  BOOST_TEST(observer.last.done == report->kept_bytes);
  BOOST_TEST(observer.last.total == report->kept_bytes);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::job
