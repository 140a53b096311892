// The way through a restore and a verify, by keys; above all what must not happen.
#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "unit/tui/menu_fixture.h"

namespace drydock::tui {
namespace {

struct RestoreFixture : Fixture {
  bool ran() const { return jobs.called("run restore"); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tui_restore, RestoreFixture)

BOOST_AUTO_TEST_CASE(a_restore_with_few_keys_and_the_serial_number) {
  Menu menu(jobs);
  menu.press("r enter enter down enter");
  menu.type("wx11a123");
  menu.press("enter");
  BOOST_TEST(menu.presses <= 8);
  BOOST_TEST(ran());
  BOOST_TEST(jobs.called("consent for /dev/sda"));
  BOOST_TEST(jobs.restore_request->image == "/run/drydock/mnt/sdb1/laptop-2026-10-01.img.zst");
  BOOST_TEST(jobs.restore_request->target == "/dev/sda");
  BOOST_TEST(menu.title().contains("Restore: done"));
}

BOOST_AUTO_TEST_CASE(the_size_will_do_as_well) {
  Menu menu(jobs);
  menu.press("r enter enter down enter");
  menu.type("500 GB");
  menu.press("enter");
  BOOST_TEST(ran());
}

BOOST_AUTO_TEST_CASE(enter_alone_never_overwrites) {
  Menu menu(jobs);
  menu.press("r");
  for (int i = 0; i < 30; ++i) menu.press("enter");
  BOOST_TEST(!ran());
  BOOST_TEST(menu.title().contains("onto which disk?"));
  BOOST_TEST(menu.shows("No disk is marked yet"));
  menu.press("down");
  for (int i = 0; i < 30; ++i) menu.press("enter");
  BOOST_TEST(!ran());
  BOOST_TEST(menu.title().contains("is this right?"));
  BOOST_TEST(menu.shows("Nothing was typed"));
}

BOOST_AUTO_TEST_CASE(no_target_is_marked_until_the_person_moves) {
  Menu menu(jobs);
  menu.press("r enter enter");
  BOOST_TEST(menu.title().contains("onto which disk?"));
  BOOST_TEST(!menu.shows("> /dev/"));
  BOOST_TEST(menu.model.flow().drive.row == -1);
}

BOOST_AUTO_TEST_CASE(the_wrong_answer_overwrites_nothing) {
  Menu menu(jobs);
  menu.press("r enter enter down enter");
  menu.type("4C530001");  // the serial number of the other drive
  menu.press("enter");
  BOOST_TEST(!ran());
  BOOST_TEST(menu.shows("neither the serial number nor the size"));
  menu.press("backspace");
  BOOST_TEST(!menu.shows("neither the serial number"));
}

BOOST_AUTO_TEST_CASE(the_answer_must_be_typed_anew_after_going_back) {
  Menu menu(jobs);
  menu.press("r enter enter down enter");
  menu.type("WX11A123");
  menu.press("esc enter enter");
  BOOST_TEST(!ran());
}

BOOST_AUTO_TEST_CASE(the_summary_says_what_will_be_lost) {
  Menu menu(jobs);
  menu.press("r enter enter down enter");
  BOOST_TEST(menu.shows("WILL BE OVERWRITTEN"));
  BOOST_TEST(menu.shows("WDC WD5000 (WX11A123), 500 GB, /dev/sda"));
  BOOST_TEST(menu.shows("On it now: partition 2, ext4 \"root\", 464.3 GiB"));
}

BOOST_AUTO_TEST_CASE(the_drive_with_the_image_cannot_be_the_target) {
  Menu menu(jobs);
  menu.press("r enter enter end enter");
  BOOST_TEST(menu.shows("cannot be chosen: it holds the image"));
  BOOST_TEST(!jobs.called("plan restore /dev/sdb"));
}

BOOST_AUTO_TEST_CASE(a_disk_that_is_used_or_too_small_cannot_be_the_target) {
  jobs.disks.push_back(empty_disk());
  jobs.disks[2].disk.in_use = {"/dev/sdc1 is mounted on /srv"};
  jobs.disks[0].disk.geometry.bytes = 100 * kGiB;
  Menu menu(jobs);
  menu.press("r enter enter");
  BOOST_TEST(menu.shows("Not possible: /dev/sdc1 is mounted on /srv"));
  BOOST_TEST(menu.shows("Not possible: too small: 232.0 GiB are needed, 132.0 GiB are missing"));
}

BOOST_AUTO_TEST_CASE(an_optical_disc_cannot_be_the_target) {
  jobs.disks.push_back(empty_disk());
  jobs.disks[2].disk.path = "/dev/sr0";
  Menu menu(jobs);
  menu.press("r enter enter end enter");
  BOOST_TEST(menu.shows("cannot be chosen: an optical disc cannot be overwritten"));
}

BOOST_AUTO_TEST_CASE(a_drive_pulled_while_choosing_takes_its_mark_along) {
  jobs.disks.push_back(empty_disk());
  Menu menu(jobs);
  menu.press("r enter enter down");
  BOOST_TEST(menu.shows("> /dev/sda"));
  jobs.disks.erase(jobs.disks.begin());
  menu.tick(2);
  BOOST_TEST(!menu.shows("> /dev/"));
  menu.press("enter");
  BOOST_TEST(menu.shows("No disk is marked yet"));
}

BOOST_AUTO_TEST_CASE(a_mark_made_for_another_image_does_not_count) {
  Menu menu(jobs);
  menu.press("r enter enter down esc enter enter");
  BOOST_TEST(menu.shows("No disk is marked yet"));
}

BOOST_AUTO_TEST_CASE(a_mark_follows_its_drive_when_the_list_grows) {
  Menu menu(jobs);
  menu.press("r enter enter down down");
  BOOST_TEST(menu.shows("> /dev/sdb"));
  jobs.disks.insert(jobs.disks.begin(), empty_disk());
  menu.tick(2);
  BOOST_TEST(menu.shows("> /dev/sdb"));
}

BOOST_AUTO_TEST_CASE(incomplete_images_and_other_files_cannot_be_chosen) {
  Menu menu(jobs);
  menu.press("r enter down enter");
  BOOST_TEST(menu.shows("cannot be chosen: incomplete"));
  menu.press("down enter");
  BOOST_TEST(menu.shows("cannot be chosen: not a Drydock image"));
  BOOST_TEST(menu.title().contains("which image?"));
}

BOOST_AUTO_TEST_CASE(folders_can_be_walked) {
  Menu menu(jobs);
  menu.press("r enter up enter");
  BOOST_TEST(menu.shows("/photos"));
  menu.press("backspace");
  BOOST_TEST(menu.shows("laptop-2026-10-01.img.zst"));
  jobs.folders.erase("/run/drydock/mnt/sdb1/photos");
  menu.press("home enter");
  BOOST_TEST(menu.shows("the folder cannot be read"));
  BOOST_TEST(menu.shows("laptop-2026-10-01.img.zst"));
}

BOOST_AUTO_TEST_CASE(reading_back_is_offered) {
  Menu menu(jobs);
  menu.press("r enter enter v down enter");
  BOOST_TEST(jobs.restore_request->verify);
}

BOOST_AUTO_TEST_CASE(stopping_says_that_the_disk_is_unusable) {
  Menu menu(jobs);
  menu.press("r enter enter down enter");
  menu.type("WX11A123");
  menu.hold();
  menu.press("enter esc");
  BOOST_TEST(menu.shows("cannot be used until something has been restored to it"));
  menu.press("y");
  menu.settle();
  BOOST_TEST(menu.title().contains("Restore: stopped"));
}

BOOST_AUTO_TEST_CASE(leaving_closes_the_volume) {
  Menu menu(jobs);
  menu.press("r enter esc");
  BOOST_TEST(jobs.calls.back() == "close /run/drydock/mnt/sdb1");
}

BOOST_AUTO_TEST_CASE(verify_needs_four_keys) {
  Menu menu(jobs);
  menu.press("v enter enter");
  BOOST_TEST(jobs.called("run verify /run/drydock/mnt/sdb1/laptop-2026-10-01.img.zst"));
  BOOST_TEST(menu.title().contains("Verify: the image is whole"));
  BOOST_TEST(jobs.called("open /dev/sdb1 ro"));
  BOOST_TEST(!jobs.called("open /dev/sdb1 rw"));
}

BOOST_AUTO_TEST_CASE(damage_is_told_by_volume) {
  jobs.damage = {{{5 * kMiB, 4096}, {kGiB, kMiB}, "1 (ext4, root)", "a frame does not decompress"}};
  Menu menu(jobs);
  menu.press("v enter enter");
  BOOST_TEST(menu.title().contains("the image is damaged"));
  BOOST_TEST(menu.shows("1 (ext4, root)"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::tui
