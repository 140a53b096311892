// The verb as a whole on a fake computer: what is read when, what is said, and the reports.
#include "job/evaluate.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "base/units.h"
#include "job/evaluation_report.h"
#include "support/files.h"
#include "support/needs.h"
#include "support/process.h"
#include "support/skip.h"
#include "unit/job/computer.h"

namespace drydock::job {
namespace {

using Json = nlohmann::json;

constexpr const char* kDrive = "/dev/sda";

struct Evaluated : test::Computer {
  Evaluated() { add_system_drive(kDrive, 16, 4); }

  void health(const std::string& name) {
    machine.set_health_record(kDrive,
                              drydock::test::read_file("tests/golden/smart/" + name + ".json"));
  }

  Result<Evaluation> run(EvaluateRequest request = {}) {
    request.path = kDrive;
    request.random_time = std::chrono::milliseconds(10);
    NullObserver observer;
    return evaluate_drive(machine, request, observer, {});
  }

  Evaluation done(EvaluateRequest request = {}) {
    auto all = run(std::move(request));
    BOOST_REQUIRE_MESSAGE(all.has_value(), (all ? std::string() : all.error().sentence()));
    return std::move(*all);
  }
};

bool found(const Evaluation& all, std::string_view key) {
  return std::ranges::contains(all.findings, key, &evaluate::Finding::key);
}

// The opening tags of what could be markup.
std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

BOOST_AUTO_TEST_SUITE(job_evaluate)

BOOST_FIXTURE_TEST_CASE(without_smartctl_it_goes_on_and_says_so, Evaluated) {
  const Evaluation all = done();
  BOOST_TEST(found(all, "no_health"));
  BOOST_TEST(all.findings[0].text.contains("smartctl is not installed"));
  BOOST_TEST((all.verdict == evaluate::Verdict::watch));
  BOOST_REQUIRE(all.surface.has_value());
  BOOST_TEST(all.surface->bytes_read == 16 * kMiB);
  BOOST_REQUIRE(all.speed.has_value());
  BOOST_TEST(all.volumes.size() == 2u);
  BOOST_TEST(all.exit_status() == 0);
  BOOST_TEST(machine.opened_for_writing().empty());
}

BOOST_FIXTURE_TEST_CASE(bad_areas_are_joined_with_the_volumes_they_hit, Evaluated) {
  health("ata-hdd-good");
  // What is free in the swap, where no filesystem has its superblock, and the gap before it.
  machine.break_drive(kDrive,
                      {.unreadable = ExtentMap::from({{900 * kKiB, 4096}, {2560 * kKiB, 4096}})});
  const Evaluation all = done();
  BOOST_TEST((all.verdict == evaluate::Verdict::save_now));
  BOOST_TEST(all.exit_status() == 5);
  BOOST_REQUIRE(all.areas.size() == 2u);
  BOOST_TEST(all.areas[0].extent.offset == 896 * kKiB);
  BOOST_TEST(all.areas[0].volume == "no partition");
  BOOST_TEST(all.areas[1].extent.offset == 2560 * kKiB);
  BOOST_TEST(all.areas[1].volume.contains("partition 1"));
  BOOST_TEST((all.areas[1].use == Area::Use::free));
  BOOST_TEST(!all.speed.has_value());
  BOOST_REQUIRE(all.skipped.size() == 2u);
  BOOST_TEST(all.skipped[0].contains("Which files lie where"));
  BOOST_TEST(all.skipped[1].contains("Speed was not measured"));
}

BOOST_FIXTURE_TEST_CASE(files_in_bad_areas_are_named_when_all_was_read, Evaluated) {
  if (const auto why = drydock::test::missing_program("mkfs.ext4"))
    return drydock::test::skip(*why);
  health("ata-hdd-good");
  const std::string content = machine.content(kDrive);
  // Areas are as large as reads: this one is not to reach into the folders before the file.
  constexpr std::uint64_t kDeep = 200 * kKiB;
  const std::string thesis(300 * kKiB, 't');
  std::filesystem::create_directory(file("tree"));
  drydock::test::write_file(file("tree") + "/thesis <draft>", thesis);
  drydock::test::write_file(file("tree") + "/other", "o");
  drydock::test::make_sparse(content, 16 * kMiB);
  drydock::test::must_run({.argv = {"mkfs.ext4", "-q", "-F", "-d", file("tree"), content}});
  const std::size_t at = drydock::test::read_file(content).find(thesis);
  BOOST_REQUIRE(at != std::string::npos);
  machine.break_drive(kDrive, {.unreadable = ExtentMap::from({{at + kDeep, 4096}})});
  const Evaluation all = done({.full = true});
  BOOST_REQUIRE(all.files.size() == 1u);
  BOOST_TEST(all.files[0].volume.contains("ext4"));
  BOOST_TEST(all.files[0].file.path == "/thesis <draft>");
  BOOST_TEST(all.files[0].file.missing.contains({kDeep, 4096}));
  BOOST_TEST(report_text(all, "a.txt").contains("/thesis <draft>: "));
  BOOST_TEST(report_text(all, "a.html").contains("/thesis &lt;draft&gt;"));
  const Json json = Json::parse(report_text(all, "a.json"));
  BOOST_TEST(json["surface"]["files"][0]["path"] == "/thesis <draft>");
}

BOOST_FIXTURE_TEST_CASE(a_drive_that_dies, Evaluated) {
  health("ata-hdd-good");
  machine.break_drive(kDrive, {.dies_after = 20});
  const Evaluation all = done();
  BOOST_TEST((all.verdict == evaluate::Verdict::save_now));
  BOOST_TEST(found(all, "drive_gone"));
}

BOOST_FIXTURE_TEST_CASE(a_drive_about_to_fail_is_not_read_unless_asked_to, Evaluated) {
  health("ata-hdd-failed-usb");
  Evaluation all = done();
  BOOST_TEST((all.verdict == evaluate::Verdict::save_now));
  BOOST_TEST(!all.surface.has_value());
  BOOST_TEST(!all.speed.has_value());
  BOOST_TEST(all.skipped.at(0).contains("--full reads it all the same"));
  all = done({.full = true});
  BOOST_REQUIRE(all.surface.has_value());
  BOOST_TEST(all.surface->bytes_read == 16 * kMiB);
}

BOOST_FIXTURE_TEST_CASE(a_file_is_read_but_not_measured, Evaluated) {
  drydock::test::write_file(file("disk"), std::string(2 * kMiB, 'x'));
  NullObserver observer;
  const auto all = evaluate_drive(machine, {.path = file("disk")}, observer, {});
  BOOST_REQUIRE(all.has_value());
  BOOST_TEST(all->surface->bytes_read == 2 * kMiB);
  BOOST_TEST(all->skipped.at(0).contains("this is a file"));
}

BOOST_FIXTURE_TEST_CASE(a_report_of_each_kind_is_written, Evaluated) {
  health("ata-hdd-crc");
  for (const char* name : {"a.html", "a.json", "a.txt"}) {
    done({.report = file(name)});
    const std::string text = drydock::test::read_file(file(name));
    BOOST_TEST(text.contains("3118119"), name);
  }
  BOOST_TEST(drydock::test::read_file(file("a.txt")).starts_with("Watch: "));
  BOOST_TEST(drydock::test::read_file(file("a.html")).starts_with("<!doctype html>"));
  const Json json = Json::parse(drydock::test::read_file(file("a.json")));
  BOOST_TEST(json["report"] == "evaluation");
  BOOST_TEST(json["verdict"] == "watch");
  BOOST_TEST(json["surface"]["bands"].size() == 16u);
}

BOOST_FIXTURE_TEST_CASE(a_report_that_cannot_be_written_is_refused_first, Evaluated) {
  BOOST_TEST((run({.report = file("a.pdf")}).error().code == Code::bad_input));
  drydock::test::write_file(file("a.html"), "precious");
  BOOST_TEST((run({.report = file("a.html")}).error().code == Code::environment));
  BOOST_TEST(drydock::test::read_file(file("a.html")) == "precious");
  BOOST_TEST(machine.opened().empty());
}

BOOST_FIXTURE_TEST_CASE(what_got_worse_since_an_earlier_report, Evaluated) {
  health("ata-hdd-good");
  done({.report = file("old.json")});
  const EvaluateRequest again{.compare = file("old.json")};
  Evaluation all = done(again);
  BOOST_REQUIRE(all.since.has_value());
  BOOST_TEST(!found(all, "grew_crc_errors"));

  Json record = Json::parse(drydock::test::read_file("tests/golden/smart/ata-hdd-good.json"));
  for (Json& attribute : record["ata_smart_attributes"]["table"]) {
    if (attribute["id"] == 5) attribute["raw"] = {{"value", 8}, {"string", "8"}};
    if (attribute["id"] == 199) attribute["raw"] = {{"value", 5}, {"string", "5"}};
  }
  machine.set_health_record(kDrive, record.dump());
  all = done(again);
  BOOST_TEST(found(all, "grew_reallocated_sectors"));
  BOOST_TEST(found(all, "grew_crc_errors"));
  BOOST_TEST((all.verdict == evaluate::Verdict::replace));
  BOOST_TEST(std::ranges::contains(all.since->changes,
                                   "bad sectors replaced by spare ones: 0 then, 8 now"));
}

BOOST_FIXTURE_TEST_CASE(a_report_of_another_drive_is_refused, Evaluated) {
  done({.report = file("old.json")});
  add_system_drive("/dev/sdb", 8);
  NullObserver observer;
  Disk other = machine.disks()->at(1);
  other.id.serial = "ANOTHER";
  machine.plug(other);
  const auto refused =
      evaluate_drive(machine, {.path = "/dev/sdb", .compare = file("old.json")}, observer, {});
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().code == Code::bad_input));
  BOOST_TEST(refused.error().sentence().contains("ANOTHER"));
  for (const char* text : {"", "{", "[]", "{\"report\":5}", "no JSON"}) {
    drydock::test::write_file(file("bad.json"), text);
    const auto bad = run({.compare = file("bad.json")});
    BOOST_REQUIRE(!bad.has_value());
    BOOST_TEST((bad.error().code == Code::bad_input), text);
  }
}

BOOST_FIXTURE_TEST_CASE(what_a_drive_calls_itself_is_text_and_never_markup, Evaluated) {
  const std::string evil = "<script>alert(1)</script>\"'&<svg onload=x>";
  Json record = Json::parse(drydock::test::read_file("tests/golden/smart/ata-hdd-good.json"));
  record["model_name"] = record["firmware_version"] = record["serial_number"] = evil;
  record["ata_smart_attributes"]["table"][0]["name"] = evil;
  record["ata_smart_attributes"]["table"][0]["when_failed"] = "now";
  record["ata_security"]["string"] = evil;
  record["smartctl"]["messages"] = Json::array({{{"string", evil}}});
  machine.set_health_record(kDrive, record.dump());
  Disk disk = machine.disks()->at(0);
  disk.id.model = disk.id.serial = evil;
  machine.plug(disk);
  const Evaluation all = done({.full = true});
  const std::string html = evaluation_html(all);
  BOOST_TEST(count_of(html, "&lt;script&gt;") > 4u);
  BOOST_TEST(count_of(html, "<script") == 0u);
  BOOST_TEST(count_of(html, "onload=x>") == 0u);
  BOOST_TEST(count_of(html, "<svg") == count_of(html, "<svg viewBox="));
  BOOST_TEST(Json::accept(evaluation_json(all)));
}

BOOST_FIXTURE_TEST_CASE(a_page_loads_nothing_from_elsewhere, Evaluated) {
  health("ata-hdd-many-reallocated");
  const std::string html = evaluation_html(done());
  for (const char* part :
       {"http:", "https:", "<script", "<link", "<img", "src=", "@import", "url("})
    BOOST_TEST(!html.contains(part), part);
}

BOOST_FIXTURE_TEST_CASE(a_person_can_stop_it, Evaluated) {
  Stop stop;
  stop.request();
  NullObserver observer;
  const auto all = evaluate_drive(machine, {.path = kDrive}, observer, stop);
  BOOST_REQUIRE(!all.has_value());
  BOOST_TEST((all.error().code == Code::cancelled));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::job
