// The way through an evaluation, by keys, and what becomes of its report.
#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "unit/tui/menu_fixture.h"

namespace drydock::tui {

BOOST_FIXTURE_TEST_SUITE(tui_evaluate, Fixture)

BOOST_AUTO_TEST_CASE(quick_with_three_keys_and_nothing_becomes_writable) {
  Menu menu(jobs);
  menu.press("e enter enter");
  BOOST_TEST(jobs.called("run evaluate /dev/sda"));
  BOOST_TEST(!jobs.evaluate_request->full);
  BOOST_TEST(jobs.evaluate_request->report == "");
  BOOST_TEST(menu.title().contains("Evaluate: the verdict is \"Save your data now\""));
  BOOST_TEST(menu.shows("Writable now: none"));
  for (const std::string& call : jobs.calls) BOOST_TEST(!call.starts_with("open"));
}

BOOST_AUTO_TEST_CASE(full_by_the_arrow_or_its_letter) {
  for (const char* key : {"down", "f", "end"}) {
    Menu menu(jobs);
    menu.press("e enter");
    menu.press(key);
    menu.press("enter end");
    BOOST_TEST(jobs.evaluate_request->full);
    BOOST_TEST(menu.shows("imager evaluate /dev/sda --full"));
  }
}

BOOST_AUTO_TEST_CASE(the_time_that_full_takes_is_told_before) {
  Menu menu(jobs);
  jobs.disks[0].disk.rotational = true;
  menu.press("^l e enter");
  BOOST_TEST(menu.shows("about 56 min if it reads 150 MB a second"));
  jobs.disks[0].disk.geometry.bytes = 8'001'563'222'016;
  jobs.disks[0].disk.rotational = false;
  menu.press("^l");
  BOOST_TEST(menu.shows("about 6 hours if it reads 400 MB a second"));
}

BOOST_AUTO_TEST_CASE(a_drive_without_a_medium_says_why_it_cannot_be_evaluated) {
  jobs.disks[0].disk.medium_present = false;
  Menu menu(jobs);
  menu.press("e home");
  BOOST_TEST(menu.shows("Not possible: no medium in it"));
  menu.press("enter");
  BOOST_TEST(menu.shows("cannot be chosen: no medium in it"));
  BOOST_TEST(menu.title().contains("Evaluate: which disk?"));
}

BOOST_AUTO_TEST_CASE(the_verdict_and_its_reasons_come_first) {
  Menu menu(jobs);
  menu.press("e enter enter");
  const std::string screen = menu.screen();
  const auto verdict = screen.find("Verdict: Save your data now");
  const auto reason = screen.find("save now    64.0 KiB in 1 area could not be read");
  const auto surface = screen.find("Surface");
  BOOST_REQUIRE(verdict != std::string::npos);
  BOOST_TEST(verdict < reason);
  BOOST_TEST(reason < surface);
  BOOST_TEST(menu.shows("cannot be read, in partition 2, ext4 \"root\", where data is"));
}

BOOST_AUTO_TEST_CASE(the_way_to_a_rescue_is_shown_where_it_is_needed) {
  Menu failing(jobs);
  failing.press("e enter enter");
  BOOST_TEST(failing.shows("\"Rescue a failing drive\" on the first page, key F"));
  jobs.evaluation.verdict = evaluate::Verdict::watch;
  Menu watched(jobs);
  watched.press("e enter enter");
  BOOST_TEST(watched.shows("Verdict: Watch"));
  BOOST_TEST(!watched.shows("Rescue a failing drive"));
}

BOOST_AUTO_TEST_CASE(all_of_the_result_can_be_reached_in_80_columns) {
  Menu menu(jobs);
  menu.press("e enter enter");
  std::string seen;
  for (int i = 0; i < 10; ++i) {
    seen += menu.screen(80, 25);
    menu.press("pgdn");
  }
  for (const char* text : {"Slowest read of a MiB", "Reading in order, up to 160 MB/s",
                           "Powered on", "Serial", "imager evaluate /dev/sda"})
    BOOST_TEST(seen.contains(text), text);
}

BOOST_AUTO_TEST_CASE(it_says_what_was_left_out_and_why) {
  jobs.evaluation.surface.reset();
  jobs.evaluation.speed.reset();
  jobs.evaluation.skipped = {"The drive was not read: it may fail any moment"};
  Menu menu(jobs);
  menu.press("e enter enter");
  BOOST_TEST(menu.shows("left out    The drive was not read: it may fail any moment."));
  BOOST_TEST(!menu.shows("Surface"));
}

BOOST_AUTO_TEST_CASE(control_characters_of_a_drive_stay_off_the_screen) {
  jobs.evaluation.id.model = "EVIL\x1b[2J";
  Menu menu(jobs);
  menu.press("e enter enter");
  BOOST_TEST(!menu.screen(132, 60).contains('\x1b'));
  BOOST_TEST(menu.shows("EVIL?[2J"));
}

BOOST_AUTO_TEST_CASE(phases_are_told_in_words) {
  Menu menu(jobs);
  menu.press("e enter");
  menu.hold();
  menu.press("enter");
  menu.tell(JobTold{job::Began{"health", 0}});
  BOOST_TEST(menu.shows("asking the drive what it says about its health"));
  BOOST_TEST(!menu.shows("%"));
  menu.tell(JobTold{job::Began{"surface", kGiB}});
  BOOST_TEST(menu.shows("0 %"));
  menu.tell(JobTold{job::Began{"speed", 0}});
  BOOST_TEST(menu.shows("measuring its speed"));
  menu.tick(30);
  BOOST_TEST(!menu.shows("No progress"));
  menu.tick(20);
  BOOST_TEST(menu.shows("No progress"));
}

BOOST_AUTO_TEST_CASE(stopping_asks_first_and_says_what_that_means) {
  Menu menu(jobs);
  menu.press("e enter");
  menu.hold();
  menu.press("enter esc");
  BOOST_TEST(menu.shows("the drive is only read"));
  menu.press("n");
  BOOST_TEST(!menu.stop.requested());
  menu.press("esc y");
  BOOST_TEST(menu.stop.requested());
  menu.settle();
  BOOST_TEST(menu.title().contains("Evaluate: stopped"));
  BOOST_TEST(!menu.shows("Save the report"));
  menu.press("s");
  BOOST_TEST(menu.title().contains("Evaluate: stopped"));
}

BOOST_AUTO_TEST_CASE(an_error_says_what_to_do) {
  jobs.run_error = environment_error("/dev/sda", "is not there any more", "Attach it again");
  Menu menu(jobs);
  menu.press("e enter enter");
  BOOST_TEST(menu.title().contains("Evaluate: failed"));
  BOOST_TEST(menu.shows("Attach it again"));
}

BOOST_AUTO_TEST_CASE(the_log_keeps_the_verdict_and_its_reasons) {
  Menu menu(jobs);
  menu.press("e enter enter enter l");
  BOOST_TEST(menu.shows("Evaluate: the verdict is \"Save your data now\""));
  BOOST_TEST(menu.shows("save now: 64.0 KiB in 1 area could not be read"));
}

BOOST_AUTO_TEST_CASE(the_report_can_be_saved) {
  Menu menu(jobs);
  menu.press("e enter enter s");
  BOOST_TEST(menu.title().contains("Report: where to?"));
  BOOST_TEST(jobs.called("destinations without /dev/sda"));
  menu.press("enter");
  BOOST_TEST(jobs.called("open /dev/sdb1 rw"));
  BOOST_TEST(jobs.called("report of /dev/sda to /run/drydock/mnt/sdb1"));
  BOOST_TEST(jobs.calls.back() == "close /run/drydock/mnt/sdb1");
  BOOST_TEST(menu.title().contains("Evaluate: the verdict is"));
  BOOST_TEST(menu.shows("saved on /dev/sdb1 as WDC-WD5000-WX11A123-2026-11-25T081500Z.html"));
  BOOST_TEST(menu.shows("Writable now: none"));
  menu.press("enter");
  BOOST_TEST(menu.title().contains("What would you like to do?"));
}

BOOST_AUTO_TEST_CASE(a_report_that_cannot_be_saved_says_why_and_the_result_stays) {
  jobs.keep_error = environment_error("/dev/sdb1", "the volume is full", "Make room");
  Menu menu(jobs);
  menu.press("e enter enter s enter");
  BOOST_TEST(menu.shows("the volume is full"));
  BOOST_TEST(jobs.calls.back() == "close /run/drydock/mnt/sdb1");
  menu.press("esc");
  BOOST_TEST(menu.title().contains("Evaluate: the verdict is"));
  BOOST_TEST(!menu.shows("saved on"));
}

BOOST_AUTO_TEST_CASE(turning_away_from_saving_the_report_leads_back_to_it) {
  Menu menu(jobs);
  menu.press("e enter enter s");
  menu.hold();
  menu.press("enter esc");
  BOOST_TEST(menu.title().contains("Evaluate: the verdict is"));
  menu.settle();
  BOOST_TEST(menu.title().contains("Evaluate: the verdict is"));
  menu.press("enter l");
  BOOST_TEST(menu.shows("Saved on /dev/sdb1 as"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::tui
