// Rescues on a fake computer: what is refused, what goes on, what is told.
#include "job/rescue.h"

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <filesystem>

#include "base/units.h"
#include "job/save.h"
#include "rescue/mapfile_store.h"
#include "support/files.h"
#include "unit/job/computer.h"

namespace drydock::job {
namespace {

using drydock::test::read_file;
using drydock::test::write_file;

// A drive with a table, swap and an empty volume, and two bad places: in the swap and behind it.
struct Rescues : test::Computer {
  Rescues() {
    add_system_drive("/dev/sda", 8, 4);
    break_drive({});
  }

  void break_drive(io::Faults faults) {
    faults.unreadable = bad;
    machine.break_drive("/dev/sda", faults);
  }

  std::string copy() const { return file("disk.img"); }
  std::string map() const { return copy() + ".map"; }

  Result<Report> rescue(RescueRequest request = {}) {
    if (request.source.empty()) request.source = "/dev/sda";
    if (request.target.empty()) request.target = copy();
    auto plan = TRY(plan_rescue(machine, request));
    summary = plan.summary();
    if (!summary.overwrites) return run(std::move(plan), nullptr, recorder, stop);
    const Consent consent = Consent::by_command_line(*summary.overwrites);
    return run(std::move(plan), &consent, recorder, stop);
  }

  Report must_rescue(const RescueRequest& request = {}) {
    auto report = rescue(request);
    if (!report) BOOST_FAIL(report.error().sentence());
    return std::move(*report);
  }

  void check_refused(const RescueRequest& request, std::string_view words) {
    const auto report = rescue(request);
    BOOST_REQUIRE(!report);
    BOOST_TEST(report.error().sentence().find(words) != std::string::npos,
               report.error().sentence());
  }

  bool told(std::string_view words) const {
    return std::ranges::any_of(recorder.notices, [&](const std::string& notice) {
      return notice.find(words) != std::string::npos;
    });
  }

  // What the drive holds, with zeros where it is bad.
  std::string expected() const {
    std::string content = read_file(machine.content("/dev/sda"));
    for (const Extent& extent : bad.extents())
      content.replace(extent.offset, extent.length, extent.length, '\0');
    return content;
  }

  const ExtentMap bad = ExtentMap::from({{2 * kMiB + 700 * kKiB, 1024}, {6 * kMiB, 512}});
  test::Recorder recorder;
  Stop stop;
  Summary summary;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_rescue, Rescues)

BOOST_AUTO_TEST_CASE(a_damaged_drive_becomes_an_image_with_its_map) {
  const std::string before = read_file(machine.content("/dev/sda"));
  const Report report = must_rescue();
  BOOST_TEST((report.unreadable == bad));
  BOOST_TEST(report.exit_status() == 5);
  BOOST_TEST(report.kept_bytes == 8 * kMiB - bad.bytes());
  BOOST_TEST((read_file(copy()) == expected()));
  const auto kept = rescue::load_mapfile(map());
  BOOST_REQUIRE((kept && *kept));
  BOOST_TEST(((*kept)->map.extents_of(rescue::Status::bad) == bad));
  BOOST_TEST(((*kept)->step.phase == rescue::Phase::finished));
  BOOST_TEST(recorder.last.done == recorder.last.total);
  BOOST_TEST((read_file(machine.content("/dev/sda")) == before));
  BOOST_TEST(machine.opened_for_writing().empty());
  // An area is told with its volume.
  BOOST_TEST(report.lines.at(2) == "1.5 KiB in 2 areas could not be read");
  BOOST_TEST(report.lines.at(3).find("partition 1") != std::string::npos, report.lines.at(3));
}

BOOST_AUTO_TEST_CASE(how_far_it_is_is_told_and_at_the_end_too) {
  must_rescue({.used_first = true});
  BOOST_REQUIRE(recorder.rescued.size() >= 2);
  for (const Rescued& now : recorder.rescued)
    BOOST_TEST(now.rescued + now.untried + now.failed + now.bad == 8 * kMiB);
  const Rescued& end = recorder.rescued.back();
  BOOST_TEST(end.bad == bad.bytes());
  BOOST_TEST(end.rescued == 8 * kMiB - bad.bytes());
  BOOST_TEST(end.reads_failed > 0U);
  BOOST_TEST(end.reads > end.reads_failed);
  const std::uint64_t part = (8 * kMiB - 1) / end.cells.size() + 1;
  std::string expected(end.cells.size(), '+');
  for (const Extent& extent : bad.extents())
    for (std::uint64_t at = extent.offset; at < extent.end(); ++at) expected[at / part] = '-';
  BOOST_TEST(end.cells == expected);
}

BOOST_AUTO_TEST_CASE(the_plan_reads_nothing_of_the_drive) {
  break_drive({.dies_after = 0});
  BOOST_TEST(plan_rescue(machine, {.source = "/dev/sda", .target = copy()}).has_value());
  BOOST_TEST(!std::filesystem::exists(copy()));
  BOOST_TEST(!std::filesystem::exists(map()));
}

BOOST_AUTO_TEST_CASE(a_drive_that_vanishes_is_gone_on_with_when_it_is_back) {
  break_drive({.dies_after = 20});
  const auto report = rescue();
  BOOST_REQUIRE(!report);
  BOOST_TEST((report.error().code == Code::environment));
  BOOST_TEST(report.error().hint.find("imager rescue /dev/sda") != std::string::npos);
  const auto kept = rescue::load_mapfile(map()).value();
  BOOST_TEST(kept->map.bytes_of(rescue::Status::finished) > kMiB);
  break_drive({});
  BOOST_TEST((must_rescue().unreadable == bad));
  BOOST_TEST(summary.kept_bytes < 7 * kMiB);
  BOOST_TEST((read_file(copy()) == expected()));
}

BOOST_AUTO_TEST_CASE(the_same_drive_is_known_under_another_name_and_another_is_refused) {
  break_drive({.dies_after = 20});
  BOOST_TEST(!rescue());
  add_empty_drive("/dev/sdx", 8 * kMiB, "another");
  check_refused({.source = "/dev/sdx"}, "is the map of a rescue of Old Disk (S-sda)");
  break_drive({});
  Disk moved;
  moved.path = "/dev/sdy";
  moved.id = {"Old Disk", "S-sda", "", "SATA"};
  moved.geometry = {8 * kMiB, 512, 512};
  std::filesystem::copy_file(machine.content("/dev/sda"), machine.content("/dev/sdy"),
                             std::filesystem::copy_options::overwrite_existing);
  machine.plug(moved);
  BOOST_TEST(must_rescue({.source = "/dev/sdy"}).exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(it_goes_on_after_a_stop) {
  stop.request();
  const auto report = rescue();
  BOOST_REQUIRE(!report);
  BOOST_TEST((report.error().code == Code::cancelled));
  Stop never;
  auto plan = plan_rescue(machine, {.source = "/dev/sda", .target = copy()});
  BOOST_REQUIRE(plan.has_value());
  BOOST_TEST((run(std::move(*plan), nullptr, recorder, never)->unreadable == bad));
}

BOOST_AUTO_TEST_CASE(killed_between_its_map_and_its_copy_it_begins) {
  must_rescue();
  std::filesystem::remove(copy());
  check_refused({}, "is not there, but its map");
  auto kept = rescue::load_mapfile(map()).value().value();
  kept.map = rescue::AreaMap(8 * kMiB);
  BOOST_REQUIRE(rescue::store_mapfile(map(), kept).has_value());
  BOOST_TEST((must_rescue().unreadable == bad));
}

BOOST_AUTO_TEST_CASE(nothing_is_overwritten_or_mixed_up) {
  write_file(copy(), "precious");
  check_refused({}, "exists already");
  BOOST_TEST(read_file(copy()) == "precious");
  std::filesystem::remove(copy());
  must_rescue();
  // Cut off behind what its map says.
  drydock::test::write_file(copy(), std::string(kMiB, 'x'));
  check_refused({}, "was cut off");
  write_file(map(), "0 + 1\n0 0x1000000 +\n");
  check_refused({}, "16777216 bytes");
  write_file(map(), "0 + 1\nnonsense\n");
  check_refused({}, "line 2");
  check_refused({.target = "/dev/sda", .map = file("m")}, "is to be rescued");
  check_refused({.source = copy(), .target = copy()}, "is to be rescued");
}

BOOST_AUTO_TEST_CASE(what_is_in_use_comes_first) {
  const Report report = must_rescue({.used_first = true});
  BOOST_TEST((report.unreadable == bad));
  BOOST_TEST((read_file(copy()) == expected()));
  BOOST_TEST(told("partition 1, swap"));
  BOOST_TEST(told("what is in use"));
  BOOST_TEST(told("all the rest"));
}

BOOST_AUTO_TEST_CASE(used_blocks_are_safe_when_a_drive_dies_early) {
  // The table, the gaps and the header of the swap are in use; the second volume counts whole.
  break_drive({.dies_after = 60});
  BOOST_TEST(!rescue({.used_first = true}));
  const auto kept = rescue::load_mapfile(map()).value();
  BOOST_TEST((kept->map.at(0).status == rescue::Status::finished));
  BOOST_TEST((kept->map.at(kMiB).status == rescue::Status::finished));
  BOOST_TEST((kept->map.at(kMiB + 700 * kKiB).status == rescue::Status::non_tried));
}

BOOST_AUTO_TEST_CASE(a_table_that_cannot_be_read_makes_all_of_it_used) {
  machine.break_drive("/dev/sda", {.unreadable = ExtentMap::from({{0, 512}})});
  const Report report = must_rescue({.used_first = true});
  BOOST_TEST((report.unreadable == ExtentMap::from({{0, 512}})));
}

BOOST_AUTO_TEST_CASE(a_volume_whose_maps_cannot_be_read_counts_whole) {
  machine.break_drive("/dev/sda", {.unreadable = ExtentMap::from({{kMiB, 512}})});
  const Report report = must_rescue({.used_first = true});
  BOOST_TEST((report.unreadable == ExtentMap::from({{kMiB, 512}})));
  BOOST_TEST(told("partition 1, content not recognised: all 4.0 MiB are kept"));
}

BOOST_AUTO_TEST_CASE(to_a_disk_only_with_a_consent_and_a_map_elsewhere) {
  add_empty_drive("/dev/sdb", 10 * kMiB, "target");
  check_refused({.target = "/dev/sdb"}, "--map");
  const RescueRequest request{.source = "/dev/sda", .target = "/dev/sdb", .map = file("sdb.map")};
  {
    auto plan = plan_rescue(machine, request);
    BOOST_REQUIRE(plan.has_value());
    BOOST_REQUIRE(plan->summary().overwrites.has_value());
    const auto without = run(std::move(*plan), nullptr, recorder, stop);
    BOOST_TEST((without.error().code == Code::bug));
  }
  BOOST_TEST(machine.opened_for_writing().empty());
  BOOST_TEST((must_rescue(request).unreadable == bad));
  BOOST_TEST((machine.opened_for_writing() == std::vector<std::string>{"/dev/sdb"}));
  const std::string content = read_file(machine.content("/dev/sdb")).substr(0, 8 * kMiB);
  BOOST_TEST((content == expected()));
  BOOST_TEST((machine.tables_reread() == std::vector<std::string>{"/dev/sdb"}));
  // Its map does not fit another target.
  add_empty_drive("/dev/sdc", 10 * kMiB, "other");
  check_refused({.target = "/dev/sdc", .map = file("sdb.map")}, "is the map of a rescue to");
  must_rescue();
  check_refused({.target = "/dev/sdc", .map = map()}, "is the map of a rescue to a file");
  check_refused({.target = "/dev/sda2", .map = file("m")}, "is to be rescued");
  // GNU ddrescue drops the name; then the person must know.
  auto kept = rescue::load_mapfile(file("sdb.map")).value().value();
  kept.notes.clear();
  BOOST_REQUIRE(rescue::store_mapfile(file("sdb.map"), kept).has_value());
  must_rescue(request);
  BOOST_TEST(summary.warnings.at(0).find("must be on this target already") != std::string::npos);
  add_empty_drive("/dev/sdd", 7 * kMiB, "small");
  check_refused({.target = "/dev/sdd", .map = file("sdd.map")}, "too small");
}

BOOST_AUTO_TEST_CASE(a_copy_and_its_map_become_an_ordinary_image) {
  must_rescue();
  const std::string image = file("disk.img.zst");
  auto plan = plan_save(machine, {.source = copy(), .image = image, .note = {}, .map = map()});
  BOOST_REQUIRE(plan.has_value());
  const auto report = run(std::move(*plan), recorder, stop);
  BOOST_REQUIRE(report.has_value());
  // What is free in the swap is not captured, whether it can be read or not.
  BOOST_TEST((report->unreadable == ExtentMap::from({{6 * kMiB, 512}})));
  BOOST_TEST(report->exit_status() == 5);
  BOOST_TEST(!plan_save(machine, {.source = copy(), .image = image, .note = {}, .map = copy()}));
  BOOST_TEST(
      !plan_save(machine, {.source = copy(), .image = image, .note = {}, .map = file("none")}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::job
