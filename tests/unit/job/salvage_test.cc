// restore --salvage on a fake computer: what is left of an image that is damaged or was never
// finished.
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "base/units.h"
#include "job/restore.h"
#include "job/save.h"
#include "support/files.h"
#include "unit/job/computer.h"

namespace drydock::job {
namespace {

struct Salvage : test::Computer {
  test::Recorder recorder;
  const Stop never;

  Salvage() {
    add_system_drive("/dev/sda", 8);
    add_empty_drive("/dev/sdb", 8 * kMiB);
    // So that every chunk is a data frame.
    const std::string path = machine.content("/dev/sda");
    std::string disk = drydock::test::read_file(path);
    for (std::size_t at = kMiB + 8 * kKiB; at < disk.size(); at += 512) disk[at] = 'x';
    drydock::test::write_file(path, disk);
    auto plan =
        plan_save(machine, {.source = "/dev/sda", .image = image(), .all = true, .note = {}});
    BOOST_REQUIRE(plan.has_value());
    BOOST_REQUIRE(run(std::move(*plan), recorder, never).has_value());
  }

  std::string image() const { return file("pc.img.zst"); }

  void cut_to(std::uint64_t percent) {
    std::filesystem::resize_file(image(), std::filesystem::file_size(image()) * percent / 100);
  }

  Result<Report> restore(const std::string& from, bool salvage = true) {
    auto plan = TRY(plan_restore(
        machine, {.image = from, .target = "/dev/sdb", .verify = true, .salvage = salvage}));
    BOOST_TEST(plan.summary().command.contains("--salvage") == salvage);
    const Consent consent = Consent::by_command_line(*plan.summary().overwrites);
    return run(std::move(plan), consent, recorder, never);
  }

  // What is not told to be lost is as it was; what is lost is zeros.
  void check(const Result<Report>& report) {
    BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().sentence()));
    BOOST_TEST(!report->lost.empty());
    BOOST_TEST(report->exit_status() == 5);
    BOOST_TEST(report->digest.empty());
    const std::string before = drydock::test::read_file(machine.content("/dev/sda"));
    const std::string after = drydock::test::read_file(machine.content("/dev/sdb"));
    BOOST_REQUIRE(before.size() == after.size());
    for (std::size_t at = 0; at < before.size(); at += 512) {
      const bool lost = report->lost.intersects({at, 512});
      BOOST_TEST(after.substr(at, 512) == (lost ? std::string(512, '\0') : before.substr(at, 512)),
                 "sector at " << at);
    }
    BOOST_TEST(std::ranges::any_of(report->lines, [](const std::string& line) {
      return line.contains("are missing: partition 2");
    }));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_salvage, Salvage)

BOOST_AUTO_TEST_CASE(a_cut_off_image_is_refused_and_salvaged_when_asked) {
  cut_to(60);
  const auto refused = restore(image(), false);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == Code::bad_input));
  BOOST_TEST(refused.error().sentence().contains("--salvage"));
  check(restore(image()));
}

BOOST_AUTO_TEST_CASE(an_unfinished_image_is_found_by_either_name) {
  cut_to(60);
  std::filesystem::rename(image(), image() + ".part");
  const auto refused = restore(image(), false);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().sentence().contains("--salvage"));
  check(restore(image()));
  check(restore(image() + ".part"));
}

BOOST_AUTO_TEST_CASE(pieces_without_their_last_one) {
  const std::string whole = drydock::test::read_file(image());
  std::filesystem::remove(image());
  const std::size_t piece = whole.size() * 2 / 5;
  for (const std::string end : {"", ".part"}) {
    drydock::test::write_file(image() + ".000" + end, whole.substr(0, piece));
    drydock::test::write_file(image() + ".001" + end, whole.substr(piece, piece));
    check(restore(image()));
    check(restore(image() + ".000" + end));
    std::filesystem::remove(image() + ".000" + end);
    std::filesystem::remove(image() + ".001" + end);
  }
}

BOOST_AUTO_TEST_CASE(a_whole_image_is_restored_as_ever) {
  const auto report = restore(image());
  BOOST_REQUIRE(report.has_value());
  BOOST_TEST(report->lost.empty());
  BOOST_TEST(report->exit_status() == 0);
  BOOST_TEST(!report->digest.empty());
  BOOST_TEST(report->verified);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::job
