// The way through a rescue, by keys: what is asked of the machine and what a person is told.
#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "unit/tui/menu_fixture.h"

namespace drydock::tui {
namespace {

struct RescueFixture : Fixture {
  void lay(const std::string& name) {
    jobs.folders["/run/drydock/mnt/sdb1"].emplace_back().name = name;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tui_rescue, RescueFixture)

BOOST_AUTO_TEST_CASE(a_rescue_with_few_keys) {
  Menu menu(jobs);
  menu.press("f enter enter enter");
  BOOST_TEST(menu.title().contains("Rescue: is this right?"));
  BOOST_TEST(jobs.called("destinations without /dev/sda"));
  BOOST_TEST(jobs.rescue_request->source == "/dev/sda");
  BOOST_TEST(jobs.rescue_request->target == "/run/drydock/mnt/sdb1/WDC-WD5000-WX11A123.img");
  BOOST_TEST(jobs.rescue_request->map == "");
  BOOST_TEST(jobs.rescue_request->used_first);
  BOOST_TEST(menu.shows("Writable now: /dev/sdb1"));
  menu.press("enter");
  BOOST_TEST(jobs.called("run rescue"));
  BOOST_TEST(menu.title().contains("Rescue: done"));
  BOOST_TEST(menu.shows("the copy is complete"));
  BOOST_TEST(menu.shows("Writable now: none"));
  BOOST_TEST(menu.shows("--used-first"));
}

BOOST_AUTO_TEST_CASE(nothing_is_writable_before_the_name_is_confirmed) {
  Menu menu(jobs);
  menu.press("f enter enter");
  BOOST_TEST(menu.title().contains("Rescue: name of the copy"));
  BOOST_TEST(menu.shows("Writable now: none"));
  BOOST_TEST(!jobs.called("open /dev/sdb1 rw"));
  menu.press("enter esc");
  BOOST_TEST(menu.title().contains("Rescue: name of the copy"));
  BOOST_TEST(menu.shows("Writable now: none"));
}

BOOST_AUTO_TEST_CASE(the_order_can_be_changed_and_there_is_no_note) {
  Menu menu(jobs);
  menu.press("f enter enter tab space");
  BOOST_TEST(menu.shows("[ ] all of the drive from its front to its end"));
  BOOST_TEST(!menu.shows("Note"));
  menu.press("enter");
  BOOST_TEST(!jobs.rescue_request->used_first);
  BOOST_TEST(menu.shows("It is read from its front to its end."));
}

BOOST_AUTO_TEST_CASE(fields_go_round_both_ways) {
  Menu menu(jobs);
  menu.press("f enter enter tab tab tab");
  BOOST_TEST(menu.model.flow().field == 0);
  menu.press("backtab backtab backtab");
  BOOST_TEST(menu.model.flow().field == 0);
}

BOOST_AUTO_TEST_CASE(one_that_was_begun_is_proposed) {
  lay("WDC-WD5000-WX11A123.img");
  lay("WDC-WD5000-WX11A123.img.map");
  Menu menu(jobs);
  menu.press("f enter enter");
  BOOST_TEST(menu.model.flow().name.text() == "WDC-WD5000-WX11A123.img");
  BOOST_TEST(menu.shows("was begun before. Enter goes on where it was"));
  menu.press("enter");
  BOOST_TEST(jobs.rescue_request->target == "/run/drydock/mnt/sdb1/WDC-WD5000-WX11A123.img");
}

BOOST_AUTO_TEST_CASE(a_file_without_a_map_keeps_its_name) {
  lay("WDC-WD5000-WX11A123.img");
  Menu menu(jobs);
  menu.press("f enter enter");
  BOOST_TEST(menu.model.flow().name.text() == "WDC-WD5000-WX11A123-2.img");
  BOOST_TEST(!menu.shows("was begun before"));
}

BOOST_AUTO_TEST_CASE(a_map_of_another_drive_is_refused_with_its_reason) {
  jobs.plan_error = bad_input("x.img.map", "belongs to another drive", "Choose another name");
  Menu menu(jobs);
  menu.press("f enter enter enter");
  BOOST_TEST(menu.title().contains("Rescue: name of the copy"));
  BOOST_TEST(menu.shows("belongs to another drive"));
}

BOOST_AUTO_TEST_CASE(a_drive_without_a_medium_says_why_it_cannot_be_rescued) {
  jobs.disks[0].disk.medium_present = false;
  Menu menu(jobs);
  menu.press("f home enter");
  BOOST_TEST(menu.shows("cannot be chosen: no medium in it"));
}

BOOST_AUTO_TEST_CASE(fat_does_not_hold_a_large_copy) {
  jobs.places[0].filesystem = "FAT32";
  Menu menu(jobs);
  menu.press("f enter");
  BOOST_TEST(menu.shows("FAT32 holds no file of more than 4 GiB, and the copy will have 500 GB"));
  BOOST_TEST(!menu.shows("SSH"));
  menu.press("home enter");
  BOOST_TEST(menu.title().contains("Rescue: where to?"));
  // A small drive fits, and images are split.
  jobs.disks[0].disk.geometry.bytes = 2 * kGiB;
  menu.press("esc ^l enter");
  BOOST_TEST(!menu.shows("Not possible"));
  menu.press("esc esc s enter");
  BOOST_TEST(!menu.shows("Not possible"));
}

BOOST_AUTO_TEST_CASE(the_summary_says_what_a_rescue_is_like) {
  Menu menu(jobs);
  menu.press("f enter enter enter");
  for (const char* text : {"/dev/sda is only read.", "What its filesystems use comes first",
                           "You can stop it at any time and lose nothing", "the map of the rescue",
                           "at most 465.8 GiB; 90.0 GiB are free", "Only 90.0 GiB are free"})
    BOOST_TEST(menu.shows(text), text);
}

BOOST_AUTO_TEST_CASE(the_map_shows_every_state_by_its_sign) {
  Menu menu(jobs);
  menu.press("f enter enter enter");
  menu.hold();
  menu.press("enter");
  job::Rescued now = rescue_under_way();
  now.cells = "++?*/-";
  menu.tell(JobTold{now});
  BOOST_TEST(menu.shows("██░??X"));
  BOOST_TEST(menu.screen(80, 25, kTeletype).contains("##.??X"));
  BOOST_TEST(menu.shows("Copying, pass 1 (forwards), what is in use"));
  BOOST_TEST(menu.shows("28 of 3899520 reads failed"));
  BOOST_TEST(menu.shows("1.2 MiB failed, tried again later"));
}

BOOST_AUTO_TEST_CASE(a_bad_place_is_seen_on_a_small_screen_too) {
  Menu menu(jobs);
  menu.press("f enter enter enter");
  menu.hold();
  menu.press("enter");
  job::Rescued now = rescue_under_way();
  now.cells = std::string(1000, '+');
  now.cells[777] = '-';
  menu.tell(JobTold{now});
  BOOST_TEST(menu.screen(80, 25).contains("█X█"));
}

BOOST_AUTO_TEST_CASE(all_is_not_called_rescued_while_a_byte_is_missing) {
  Menu menu(jobs);
  menu.press("f enter enter enter");
  menu.hold();
  menu.press("enter");
  job::Rescued now = rescue_under_way();
  now.rescued += now.untried + now.failed;
  now.untried = now.failed = 0;
  menu.tell(JobTold{now});
  BOOST_TEST(menu.shows("(99.99 %)"));
  BOOST_TEST(menu.shows("Waiting     nothing"));
}

BOOST_AUTO_TEST_CASE(stopping_says_that_nothing_is_lost_and_how_to_go_on) {
  Menu menu(jobs);
  menu.press("f enter enter enter");
  menu.hold();
  menu.press("enter esc");
  BOOST_TEST(menu.shows("Nothing is lost by that"));
  menu.press("y");
  BOOST_TEST(menu.stop.requested());
  menu.settle();
  BOOST_TEST(menu.title().contains("Rescue: stopped"));
  BOOST_TEST(menu.shows("To go on, choose the same drive"));
  BOOST_TEST(menu.shows("Writable now: none"));
}

BOOST_AUTO_TEST_CASE(a_drive_that_vanishes_says_how_to_go_on) {
  jobs.run_error =
      environment_error("/dev/sda", "does not answer any more", "Switch it off and on");
  Menu menu(jobs);
  menu.press("f enter enter enter enter");
  BOOST_TEST(menu.title().contains("Rescue: failed"));
  BOOST_TEST(menu.shows("Switch it off and on"));
  BOOST_TEST(menu.shows("To go on, choose the same drive"));
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_told_at_the_end) {
  jobs.report.unreadable = ExtentMap::from({{kGiB, 4096}});
  jobs.report.lines = {"Bytes 1073741824 to 1073745920 are missing: partition 2, ext4"};
  Menu menu(jobs);
  menu.press("f enter enter enter enter");
  BOOST_TEST(menu.title().contains("Rescue: done, but some areas could not be read"));
  BOOST_TEST(menu.shows("are missing: partition 2, ext4"));
  BOOST_TEST(menu.shows("--passes 3"));
}

BOOST_AUTO_TEST_CASE(the_command_line_that_does_the_same) {
  Menu menu(jobs);
  menu.press("f f3");
  BOOST_TEST(menu.shows("imager rescue DISK COPY.img --used-first"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::tui
