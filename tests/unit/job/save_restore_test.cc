// Plans and runs of save, restore and verify on a fake computer, by the promises of the design.
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <filesystem>

#include "base/units.h"
#include "job/restore.h"
#include "job/save.h"
#include "job/verify.h"
#include "support/files.h"
#include "support/skip.h"
#include "unit/job/computer.h"

namespace drydock::job {
namespace {

struct Jobs : test::Computer {
  test::Recorder recorder;
  const Stop never;

  Jobs() { add_system_drive("/dev/sda", 8); }

  std::string image() const { return file("pc.img.zst"); }

  Result<Report> save(const std::string& source = "/dev/sda") {
    auto plan = TRY(plan_save(machine, {.source = source, .image = image(), .note = {}}));
    return run(std::move(plan), recorder, never);
  }

  Report must_save() {
    auto report = save();
    if (!report) BOOST_FAIL(report.error().sentence());
    return std::move(*report);
  }

  Result<Report> restore_to(const std::string& target) {
    auto plan = TRY(plan_restore(machine, {.image = image(), .target = target, .verify = true}));
    const Consent consent = Consent::by_command_line(*plan.summary().overwrites);
    return run(std::move(plan), consent, recorder, never);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_save_restore, Jobs)

BOOST_AUTO_TEST_CASE(promise_1_a_source_cannot_be_written) {
  add_empty_drive("/dev/sdb", 8 * kMiB);
  const std::string before = drydock::test::read_file(machine.content("/dev/sda"));
  must_save();
  BOOST_REQUIRE(restore_to("/dev/sdb").has_value());
  BOOST_TEST((drydock::test::read_file(machine.content("/dev/sda")) == before));
  BOOST_TEST((machine.opened_for_writing() == std::vector<std::string>{"/dev/sdb"}));
}

BOOST_AUTO_TEST_CASE(promise_1_a_consent_for_another_drive_opens_nothing) {
  add_empty_drive("/dev/sdb", 8 * kMiB);
  must_save();
  auto plan = plan_restore(machine, {.image = image(), .target = "/dev/sdb"});
  BOOST_REQUIRE(plan.has_value());
  Target other = *plan->summary().overwrites;
  other.id.serial = "another";
  const auto report = run(std::move(*plan), Consent::by_command_line(other), recorder, never);
  BOOST_REQUIRE(!report);
  BOOST_TEST((report.error().code == Code::bug));
  BOOST_TEST(machine.opened_for_writing().empty());
}

BOOST_AUTO_TEST_CASE(promise_3_no_silent_omission_says_why_a_volume_is_whole) {
  const auto plan = plan_save(machine, {.source = "/dev/sda", .image = image(), .note = {}});
  BOOST_REQUIRE(plan.has_value());
  const auto& volumes = plan->summary().volumes;
  BOOST_REQUIRE_EQUAL(volumes.size(), 2u);
  BOOST_TEST(volumes[0].contains("are in use and kept"));
  BOOST_TEST(volumes[1].contains("are kept, because"));
}

BOOST_AUTO_TEST_CASE(promise_4_no_false_success_when_the_drive_dies) {
  machine.break_drive("/dev/sda", {.unreadable = {}, .dies_after = 60, .full_at = {}});
  const auto report = save();
  BOOST_REQUIRE(!report);
  BOOST_TEST(exit_status(report.error()) == 1);
  BOOST_TEST(!std::filesystem::exists(image()));
}

BOOST_AUTO_TEST_CASE(promise_4_no_false_success_when_the_target_fails) {
  add_empty_drive("/dev/sdb", 8 * kMiB);
  must_save();
  machine.break_drive("/dev/sdb", {.unreadable = {}, .dies_after = {}, .full_at = 0});
  const auto report = restore_to("/dev/sdb");
  BOOST_REQUIRE(!report);
  BOOST_TEST(report.error().hint.contains("must not be used"));
}

BOOST_AUTO_TEST_CASE(promise_5_bounded_memory_is_in_the_plan) {
  const auto memory = [this](unsigned threads) {
    const auto plan = plan_save(
        machine, {.source = "/dev/sda", .image = image(), .threads = threads, .note = {}});
    BOOST_REQUIRE(plan.has_value());
    return plan->summary().memory;
  };
  BOOST_TEST(memory(2) <= 64 * kMiB);
  BOOST_TEST(memory(8) > memory(2));
  must_save();
  const auto plan = plan_restore(machine, {.image = image(), .target = file("copy")});
  BOOST_REQUIRE(plan.has_value());
  BOOST_TEST(plan->summary().memory > 0u);
}

BOOST_AUTO_TEST_CASE(sectors_that_cannot_be_read_are_zeros_in_the_image_and_status_5) {
  ExtentMap bad;
  bad.add({4 * kMiB, 1024});
  bad.add({6 * kMiB + 512, 512});
  for (const int os : {EIO, ENODATA, EREMOTEIO, EILSEQ, ETIMEDOUT}) {
    machine.break_drive("/dev/sda", {.unreadable = bad, .os = os, .dies_after = {}, .full_at = {}});
    recorder.unreadable.clear();
    const Report report = must_save();
    BOOST_TEST(report.exit_status() == 5);
    BOOST_TEST((report.unreadable == bad));
    BOOST_REQUIRE_EQUAL(recorder.unreadable.size(), 2u);
    BOOST_TEST(recorder.unreadable[0].volume.contains("partition 2"));
    const auto found = verify(machine, {.image = image()}, recorder, never);
    BOOST_REQUIRE(found.has_value());
    BOOST_TEST(found->damage.empty());
    BOOST_TEST((found->report.unreadable == bad));
    std::filesystem::remove(image());
  }
}

BOOST_AUTO_TEST_CASE(the_disk_that_is_saved_is_no_place_for_its_image) {
  machine.add_volume({.mount_point = {},
                      .filesystem = "ext4",
                      .device = "/dev/sda2",
                      .disk = "/dev/sda",
                      .free = 100 * kMiB,
                      .total = 200 * kMiB});
  const auto folder = machine.mount("/dev/sda2", sys::Access::read_write);
  BOOST_REQUIRE(folder.has_value());
  const auto plan =
      plan_save(machine, {.source = "/dev/sda", .image = *folder + "/pc.img.zst", .note = {}});
  BOOST_REQUIRE(!plan);
  BOOST_TEST(plan.error().what.contains("lies on the disk that is to be saved"));
}

BOOST_AUTO_TEST_CASE(the_disk_that_holds_the_image_is_no_target) {
  add_empty_drive("/dev/sdb", 64 * kMiB);
  machine.add_volume({.mount_point = {},
                      .filesystem = "ext4",
                      .device = "/dev/sdb",
                      .disk = "/dev/sdb",
                      .free = 100 * kMiB,
                      .total = 200 * kMiB});
  must_save();
  const auto folder = machine.mount("/dev/sdb", sys::Access::read_only);
  BOOST_REQUIRE(folder.has_value());
  const std::string image_there = *folder + "/pc.img.zst";
  std::filesystem::copy_file(image(), image_there);
  const auto plan = plan_restore(machine, {.image = image_there, .target = "/dev/sdb"});
  BOOST_REQUIRE(!plan);
  BOOST_TEST(machine.opened_for_writing().empty());
}

BOOST_AUTO_TEST_CASE(a_destination_that_is_too_small_is_refused_before_the_start) {
  if (const auto why = add_stick("/dev/sdc")) return drydock::test::skip(*why);
  machine.add_volume({.mount_point = {},
                      .filesystem = "vfat",
                      .device = "/dev/sdc",
                      .disk = "/dev/sdc",
                      .free = 4 * kKiB,
                      .total = 16 * kMiB});
  const auto folder = machine.mount("/dev/sdc", sys::Access::read_write);
  BOOST_REQUIRE(folder.has_value());
  const auto plan =
      plan_save(machine, {.source = "/dev/sda", .image = *folder + "/pc.img.zst", .note = {}});
  BOOST_REQUIRE(!plan);
  BOOST_TEST(exit_status(plan.error()) == 1);
  BOOST_TEST(plan.error().what.contains("are missing"));
  BOOST_TEST(std::filesystem::is_empty(*folder));
}

BOOST_AUTO_TEST_CASE(where_no_large_file_fits_the_image_comes_in_pieces) {
  if (const auto why = add_stick("/dev/sdc")) return drydock::test::skip(*why);
  machine.add_volume({.mount_point = {},
                      .filesystem = "vfat",
                      .device = "/dev/sdc",
                      .disk = "/dev/sdc",
                      .free = 100 * kMiB,
                      .total = 200 * kMiB,
                      .largest_file = 2 * kMiB - 1,
                      .writable = true});
  const auto folder = machine.mount("/dev/sdc", sys::Access::read_write);
  BOOST_REQUIRE(folder.has_value());
  const std::string name = *folder + "/pc.img.zst";
  auto plan = plan_save(machine, {.source = "/dev/sda", .image = name, .note = {}});
  BOOST_REQUIRE(plan.has_value());
  BOOST_REQUIRE(run(std::move(*plan), recorder, never).has_value());
  BOOST_TEST(std::filesystem::exists(name + ".000"));
  BOOST_TEST(!std::filesystem::exists(name));
  const auto found = verify(machine, {.image = name}, recorder, never);
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST(found->damage.empty());
}

BOOST_AUTO_TEST_CASE(progress_ends_at_the_amount_of_the_plan) {
  const Report report = must_save();
  BOOST_TEST(recorder.last.done == report.kept_bytes);
  BOOST_TEST(recorder.last.total == report.kept_bytes);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::job
