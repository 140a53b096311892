// What the menu does outside of its flows.
#include <boost/test/unit_test.hpp>

#include "unit/tui/menu_fixture.h"

namespace drydock::tui {

BOOST_FIXTURE_TEST_SUITE(tui_home, Fixture)

BOOST_AUTO_TEST_CASE(drives_appear_and_go) {
  Menu menu(jobs);
  BOOST_TEST(menu.shows("WDC WD5000"));
  BOOST_TEST(!menu.shows("TOSHIBA"));
  jobs.disks.push_back(empty_disk());
  menu.tick(2);
  BOOST_TEST(menu.shows("TOSHIBA"));
  jobs.disks.pop_back();
  menu.tick(2);
  BOOST_TEST(!menu.shows("TOSHIBA"));
  menu.press("l");
  BOOST_TEST(menu.shows("/dev/sdc was found"));
  BOOST_TEST(menu.shows("/dev/sdc is gone"));
}

BOOST_AUTO_TEST_CASE(drives_that_cannot_be_listed_say_why) {
  jobs.list_error = environment_error("/sys/block", "the drives cannot be listed", "");
  const Menu menu(jobs);
  BOOST_TEST(menu.shows("the drives cannot be listed"));
}

BOOST_AUTO_TEST_CASE(a_drive_without_a_readable_content_says_why) {
  jobs.disks[0].problem = "the first sector cannot be read";
  const Menu menu(jobs);
  BOOST_TEST(menu.shows("cannot be read: the first sector cannot be read"));
}

BOOST_AUTO_TEST_CASE(the_live_menu_cannot_be_left) {
  Menu menu(jobs);
  menu.press("esc esc q ^c");
  BOOST_TEST(menu.quits == 0);
  BOOST_TEST(!menu.shows("Quit"));
}

BOOST_AUTO_TEST_CASE(on_an_ordinary_system_q_quits_and_nothing_switches_it_off) {
  jobs.is_live = false;
  Menu menu(jobs);
  menu.press("esc p b");
  BOOST_TEST(menu.quits == 0);
  BOOST_TEST(!jobs.called("power off"));
  BOOST_TEST(!menu.shows("Power off"));
  menu.press("q");
  BOOST_TEST(menu.quits == 1);
}

BOOST_AUTO_TEST_CASE(power_asks_first) {
  Menu menu(jobs);
  menu.press("p esc b n");
  BOOST_TEST(!jobs.called("power off"));
  BOOST_TEST(!jobs.called("reboot"));
  menu.press("p enter");
  BOOST_TEST(jobs.called("power off"));
  menu.press("esc b y");
  BOOST_TEST(jobs.called("reboot"));
}

BOOST_AUTO_TEST_CASE(power_that_fails_says_so) {
  jobs.power_error = environment_error("power", "the kernel refused", "Hold the power button");
  Menu menu(jobs);
  menu.press("p enter");
  BOOST_TEST(menu.shows("the kernel refused"));
}

BOOST_AUTO_TEST_CASE(the_shell_is_for_the_main_loop) {
  Menu menu(jobs);
  menu.press("t");
  BOOST_TEST(menu.shells == 1);
}

BOOST_AUTO_TEST_CASE(letters_and_arrows_lead_to_the_same) {
  Menu menu(jobs);
  menu.press("down down enter");
  BOOST_TEST(menu.title().contains("Copy: which disk?"));
  menu.press("esc r");
  BOOST_TEST(menu.title().contains("Restore"));
  menu.press("esc S");
  BOOST_TEST(menu.title().contains("Save"));
}

BOOST_AUTO_TEST_CASE(help_and_the_command_are_everywhere) {
  Menu menu(jobs);
  menu.press("?");
  BOOST_TEST(menu.shows("Any key goes back."));
  menu.press("enter");
  BOOST_TEST(menu.title().contains("What would you like to do?"));
  menu.press("c");
  BOOST_TEST(menu.shows("imager list"));
  menu.press("esc s f3");
  BOOST_TEST(menu.shows("imager save DISK IMAGE"));
}

BOOST_AUTO_TEST_CASE(every_page_survives_any_size) {
  for (const char* way : {"", "s", "s enter", "s enter enter", "s enter enter enter", "l", "p",
                          "s enter enter enter enter", "r enter enter down enter", "f1", "c", "e",
                          "e enter", "e enter enter", "e enter enter s", "f enter enter",
                          "f enter enter enter", "f enter enter enter enter"}) {
    jobs.told = {rescue_under_way()};
    Menu menu(jobs);
    if (*way != 0) menu.press(way);
    for (const auto [columns, rows] : {std::pair{1, 1}, {3, 2}, {20, 5}, {40, 12}, {300, 100}})
      menu.screen(columns, rows);
  }
}

BOOST_AUTO_TEST_CASE(a_keyboard_can_be_chosen) {
  Menu menu(jobs);
  menu.press("k g enter");
  BOOST_TEST(jobs.calls.back() == "keyboard de");
  BOOST_TEST(menu.title().contains("What would you like to do?"));
  menu.press("k f f enter");
  BOOST_TEST(menu.shows("the keyboard layout was not changed"));
  menu.press("esc l");
  BOOST_TEST(menu.shows("The keyboard layout is now de"));
}

BOOST_AUTO_TEST_CASE(an_ordinary_system_keeps_its_keyboard) {
  jobs.is_live = false;
  Menu menu(jobs);
  menu.press("k");
  BOOST_TEST(menu.title().contains("What would you like to do?"));
}

BOOST_AUTO_TEST_CASE(what_a_drive_hides_is_told) {
  jobs.disks[0].condition = {.celsius = 41, .limits = {"It is locked with an ATA password"}};
  const Menu menu(jobs);
  BOOST_TEST(menu.shows("It is locked with an ATA password"));
  BOOST_TEST(menu.shows("41 C"));
}

BOOST_AUTO_TEST_CASE(the_log_can_be_saved) {
  Menu menu(jobs);
  menu.press("v enter enter esc l s");
  BOOST_TEST(menu.title().contains("Log: where to?"));
  menu.press("enter");
  BOOST_TEST(menu.title().contains("Log"));
  BOOST_TEST(menu.shows("The log was saved on /dev/sdb1 as drydock-2026-11-25T081500Z.log"));
  BOOST_TEST(jobs.log_kept.contains("08:15:00  "));
  BOOST_TEST(jobs.called("open /dev/sdb1 rw"));
  BOOST_TEST(jobs.calls.back() == "close /run/drydock/mnt/sdb1");
  BOOST_TEST(menu.shows("Writable now: none"));
  menu.press("esc");
  BOOST_TEST(menu.title().contains("What would you like to do?"));
}

BOOST_AUTO_TEST_CASE(the_log_is_not_saved_in_the_middle_of_something) {
  Menu menu(jobs);
  menu.press("s f4 s");
  BOOST_TEST(menu.title().contains("| Log"));
  BOOST_TEST(!menu.shows("Save it"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::tui
