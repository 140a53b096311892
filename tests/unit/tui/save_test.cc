// The way through a save, by keys.
#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "unit/tui/menu_fixture.h"

namespace drydock::tui {

BOOST_FIXTURE_TEST_SUITE(tui_save, Fixture)

BOOST_AUTO_TEST_CASE(one_disk_and_one_drive_are_five_keys_to_a_running_save) {
  Menu menu(jobs);
  menu.press("enter enter enter enter enter");
  BOOST_TEST(menu.presses <= 6);
  BOOST_TEST(jobs.called("run save"));
  BOOST_REQUIRE(jobs.save_request.has_value());
  BOOST_TEST(jobs.save_request->source == "/dev/sda");
  BOOST_TEST(jobs.save_request->image == "/run/drydock/mnt/sdb1/debian-pc-2026-11-25.img.zst");
  BOOST_TEST(jobs.save_request->verify);
  BOOST_TEST(menu.title().contains("Save: done"));
}

BOOST_AUTO_TEST_CASE(the_built_in_disk_is_marked_even_when_it_comes_last) {
  std::swap(jobs.disks[0], jobs.disks[1]);
  Menu menu(jobs);
  menu.press("s");
  BOOST_TEST(menu.shows("> /dev/sda"));
}

BOOST_AUTO_TEST_CASE(the_destination_is_writable_from_the_plan_to_the_end) {
  Menu menu(jobs);
  menu.press("s enter enter");
  BOOST_TEST(menu.shows("Writable now: none"));
  menu.press("enter");
  BOOST_TEST(menu.shows("Writable now: /dev/sdb1"));
  menu.press("esc");
  BOOST_TEST(menu.shows("Writable now: none"));
  menu.press("enter enter");
  BOOST_TEST(menu.shows("Writable now: none"));
  BOOST_TEST(jobs.calls.back() == "close /run/drydock/mnt/sdb1");
}

BOOST_AUTO_TEST_CASE(a_volume_that_was_mounted_before_stays_mounted) {
  jobs.places[0].mounted_on = "/media/backup";
  Menu menu(jobs);
  menu.press("s enter enter enter enter");
  BOOST_TEST(jobs.called("run save"));
  for (const std::string& call : jobs.calls) BOOST_TEST(!call.starts_with("close"));
}

BOOST_AUTO_TEST_CASE(going_back_keeps_what_was_entered) {
  Menu menu(jobs);
  menu.press("s enter enter ^u");
  menu.type("mine.img.zst");
  menu.press("tab");
  menu.type("a note");
  menu.press("enter");
  BOOST_TEST(menu.title().contains("is this right?"));
  menu.press("esc esc esc");
  BOOST_TEST(menu.title().contains("Save: which disk?"));
  menu.press("enter enter enter");
  BOOST_TEST(jobs.save_request->image == "/run/drydock/mnt/sdb1/mine.img.zst");
  BOOST_TEST(jobs.save_request->note == "a note");
}

BOOST_AUTO_TEST_CASE(another_disk_gets_another_name) {
  jobs.disks.push_back(empty_disk());
  Menu menu(jobs);
  menu.press("s enter enter esc esc");
  jobs.name = "toshiba.img.zst";
  menu.press("end enter enter");
  BOOST_TEST(menu.shows("toshiba.img.zst"));
}

BOOST_AUTO_TEST_CASE(a_name_that_is_taken_is_not_proposed) {
  job::FolderEntry taken;
  taken.name = jobs.name;
  jobs.folders["/run/drydock/mnt/sdb1"].push_back(taken);
  Menu menu(jobs);
  menu.press("s enter enter");
  BOOST_TEST(menu.shows("> debian-pc-2026-11-25-2.img.zst"));
}

// What an earlier save of the first disk left in the root of the destination.
void leave_part(FakeJobs& jobs, const std::string& name, const DiskId& disk) {
  job::FolderEntry left;
  left.name = name;
  left.incomplete = true;
  left.created = "2026-11-20T08:15:00Z";
  left.source = "Old Disk, 500 GB";
  left.disk = disk;
  jobs.folders["/run/drydock/mnt/sdb1"].push_back(left);
}

BOOST_AUTO_TEST_CASE(an_unfinished_image_of_the_disk_is_proposed_to_be_gone_on_with) {
  leave_part(jobs, "last-week.img.zst.part", jobs.disks[0].disk.id);
  Menu menu(jobs);
  menu.press("s enter enter");
  BOOST_TEST(menu.shows("> last-week.img.zst"));
  BOOST_TEST(menu.shows("last-week.img.zst.part is a save of Old Disk, 500 GB, begun 2026-11-20"));
  menu.press("enter");
  BOOST_REQUIRE(jobs.save_request.has_value());
  BOOST_TEST(jobs.save_request->resume);
  BOOST_TEST(jobs.save_request->image == "/run/drydock/mnt/sdb1/last-week.img.zst");
  menu.press("esc ^u");
  menu.type("new.img.zst");
  BOOST_TEST(!menu.shows("did not finish"));
  menu.press("enter");
  BOOST_TEST(!jobs.save_request->resume);
}

BOOST_AUTO_TEST_CASE(a_split_one_too) {
  leave_part(jobs, "last-week.img.zst.000.part", jobs.disks[0].disk.id);
  Menu menu(jobs);
  menu.press("s enter enter enter");
  BOOST_TEST(jobs.save_request->resume);
  BOOST_TEST(jobs.save_request->image == "/run/drydock/mnt/sdb1/last-week.img.zst");
}

BOOST_AUTO_TEST_CASE(an_unfinished_image_of_another_disk_is_left_alone_unless_its_name_is_typed) {
  DiskId other = jobs.disks[0].disk.id;
  other.serial = "another";
  leave_part(jobs, "theirs.img.zst.part", other);
  Menu menu(jobs);
  menu.press("s enter enter enter");
  BOOST_TEST(!jobs.save_request->resume);
  menu.press("esc ^u");
  menu.type("theirs.img.zst");
  BOOST_TEST(menu.shows("Enter goes on with it"));
}

BOOST_AUTO_TEST_CASE(impossible_names_are_refused) {
  Menu menu(jobs);
  menu.press("s enter enter ^u enter");
  BOOST_TEST(menu.shows("The image needs a name"));
  menu.type("a/b");
  menu.press("enter");
  BOOST_TEST(menu.shows("cannot contain a slash"));
  BOOST_TEST(!jobs.save_request.has_value());
}

BOOST_AUTO_TEST_CASE(a_folder_can_be_chosen) {
  Menu menu(jobs);
  menu.press("s enter enter tab tab tab enter");
  BOOST_TEST(menu.shows("Folder /photos"));
  menu.press("backtab backtab backtab enter");
  BOOST_TEST(jobs.save_request->image ==
             "/run/drydock/mnt/sdb1/photos/debian-pc-2026-11-25.img.zst");
  menu.press("esc tab tab tab enter");
  BOOST_TEST(menu.shows("Folder / "));
}

BOOST_AUTO_TEST_CASE(the_check_afterwards_can_be_left_out) {
  Menu menu(jobs);
  menu.press("s enter enter tab tab space enter");
  BOOST_TEST(!jobs.save_request->verify);
}

BOOST_AUTO_TEST_CASE(letters_in_a_field_are_no_commands) {
  Menu menu(jobs);
  menu.press("s enter enter c ?");
  BOOST_TEST(menu.shows(".img.zstc?"));
}

BOOST_AUTO_TEST_CASE(a_volume_of_the_disk_itself_cannot_be_chosen) {
  jobs.places[0].disk = "/dev/sda";
  Menu menu(jobs);
  menu.press("s enter");
  BOOST_TEST(menu.shows("Not possible: it is on the disk to be saved"));
  BOOST_TEST(menu.shows("> A share or server on the network"));
  menu.press("up enter");
  BOOST_TEST(menu.shows("cannot be chosen: it is on the disk to be saved"));
  BOOST_TEST(menu.title().contains("where to?"));
}

BOOST_AUTO_TEST_CASE(what_suits_comes_first_and_optical_discs_do_not) {
  job::Destination disc = jobs.places[0];
  disc.device = disc.disk = "/dev/sr0";
  disc.filesystem = "ISO 9660";
  jobs.places.insert(jobs.places.begin(), disc);
  jobs.folders["/run/drydock/mnt/sr0"] = {};
  Menu menu(jobs);
  menu.press("s enter");
  BOOST_TEST(menu.shows("> /dev/sdb1"));
  BOOST_TEST(menu.shows("Not possible: an optical disc cannot be written to"));
  menu.press("esc esc r enter");
  BOOST_TEST(menu.title().contains("which image?"));
  BOOST_TEST(jobs.called("open /dev/sr0 ro"));
}

BOOST_AUTO_TEST_CASE(a_plan_that_is_refused_says_why_and_stays) {
  jobs.plan_error = environment_error("/x", "there is not enough space", "Choose another drive");
  Menu menu(jobs);
  menu.press("s enter enter enter");
  BOOST_TEST(menu.title().contains("name of the image"));
  BOOST_TEST(menu.shows("there is not enough space"));
  BOOST_TEST(menu.shows("Choose another drive"));
}

BOOST_AUTO_TEST_CASE(a_destination_that_cannot_be_opened_says_why) {
  jobs.open_error = environment_error("/dev/sdb1", "the filesystem is damaged", "");
  Menu menu(jobs);
  menu.press("s enter enter");
  BOOST_TEST(menu.title().contains("where to?"));
  BOOST_TEST(menu.shows("the filesystem is damaged"));
}

BOOST_AUTO_TEST_CASE(keys_are_ignored_while_something_is_awaited_but_for_escape) {
  Menu menu(jobs);
  menu.press("s enter enter");
  menu.hold();
  menu.press("enter enter enter");
  menu.tick(20);
  BOOST_TEST(menu.shows("Reading what is in use on /dev/sda ... (20 s)"));
  BOOST_TEST(menu.shows("may not be answering"));
  menu.press("esc");
  BOOST_TEST(!menu.shows("Reading what is in use"));
  menu.settle();
  BOOST_TEST(menu.title().contains("name of the image"));
  BOOST_TEST(!jobs.called("run save"));
  BOOST_TEST(menu.shows("Writable now: none"));
}

BOOST_AUTO_TEST_CASE(the_log_can_be_read_while_something_is_awaited) {
  Menu menu(jobs);
  menu.press("s enter enter");
  menu.hold();
  menu.press("enter f4 esc");
  BOOST_TEST(menu.title().contains("name of the image"));
  menu.press("f4");
  menu.settle();
  BOOST_TEST(menu.title().contains("is this right?"));
  menu.press("esc");
  BOOST_TEST(menu.title().contains("name of the image"));
}

BOOST_AUTO_TEST_CASE(stopping_asks_once) {
  Menu menu(jobs);
  menu.press("s enter enter enter");
  menu.hold();
  menu.press("enter esc n");
  BOOST_TEST(!menu.stop.requested());
  menu.press("esc y");
  BOOST_TEST(menu.stop.requested());
  BOOST_TEST(menu.shows("Stopping"));
  menu.press("esc");
  BOOST_TEST(!menu.shows("stop it?"));
  menu.settle();
  BOOST_TEST(menu.title().contains("Save: stopped"));
  BOOST_TEST(menu.shows("ends in .part"));
  menu.press("enter");
  BOOST_TEST(menu.title().contains("What would you like to do?"));
}

BOOST_AUTO_TEST_CASE(a_job_that_is_silent_for_long_is_noticed) {
  Menu menu(jobs);
  menu.press("s enter enter enter");
  menu.hold();
  menu.press("enter");
  menu.tell(JobTold{job::Began{"save", kGiB}});
  menu.tick(9);
  BOOST_TEST(!menu.shows("No progress for"));
  menu.tick(26);
  BOOST_TEST(menu.shows("No progress for 35 s"));
  menu.tell(JobTold{job::Progress{}});
  BOOST_TEST(!menu.shows("No progress for"));
}

BOOST_AUTO_TEST_CASE(notices_and_the_end_are_in_the_log) {
  jobs.told = {job::Began{"save", kGiB}, job::Notice{"the disk has a dirty journal"},
               job::Unreadable{{4096, 512}, "/dev/sda2 (ext4)"}, job::Ended{"save"}};
  jobs.report.lines = {"Saved it all"};
  Menu menu(jobs);
  menu.press("s enter enter enter enter f4");
  BOOST_TEST(menu.shows("08:15:00  the disk has a dirty journal"));
  BOOST_TEST(menu.shows("512 B at byte 4096 could not be read, in /dev/sda2 (ext4)"));
  BOOST_TEST(menu.shows("Saved it all"));
}

BOOST_AUTO_TEST_CASE(the_summary_shows_its_command) {
  Menu menu(jobs);
  menu.press("s enter enter enter f3");
  BOOST_TEST(menu.shows(jobs.save_summary.command));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::tui
