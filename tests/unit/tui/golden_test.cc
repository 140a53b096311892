// Every page as it is drawn, at the smallest common size and at a large one.
#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "unit/tui/menu_fixture.h"

namespace drydock::tui {
namespace {

void check_both(std::string_view name, const Menu& menu) {
  check_golden(std::string(name) + "-80x25", menu.screen(80, 25));
  check_golden(std::string(name) + "-132x50", menu.screen(132, 50));
}

job::Event progress(double share, std::uint64_t total) {
  job::Progress told;
  told.total = total;
  told.done = static_cast<std::uint64_t>(share * static_cast<double>(total));
  told.stored = told.done / 3;
  told.rate = 210.0 * static_cast<double>(kMiB);
  told.remaining = std::chrono::seconds(95);
  return told;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tui_golden, Fixture)

BOOST_AUTO_TEST_CASE(home) {
  jobs.disks.push_back(empty_disk());
  check_both("home", Menu(jobs));
}

BOOST_AUTO_TEST_CASE(home_on_an_ordinary_system_without_drives) {
  jobs.is_live = false;
  jobs.disks.clear();
  check_both("home-no-drives", Menu(jobs));
}

BOOST_AUTO_TEST_CASE(home_with_a_controller_that_hides_its_drives) {
  jobs.advice = {
      "The storage controller 0000:00:17.0 (8086:2822) hides 1 NVMe drive: it is in RAID mode. In "
      "the firmware's setup set the storage mode to AHCI."};
  check_both("home-hidden-drive", Menu(jobs));
}

BOOST_AUTO_TEST_CASE(home_on_a_terminal_that_knows_letters_only) {
  const Menu menu(jobs);
  const std::string screen = menu.screen(80, 24, kTeletype);
  check_golden("home-ascii-80x24", screen);
  for (const char c : screen) BOOST_REQUIRE(static_cast<unsigned char>(c) < 0x80);
}

BOOST_AUTO_TEST_CASE(save_pages) {
  Menu menu(jobs);
  menu.press("s");
  check_both("save-source", menu);
  menu.press("enter");
  check_both("save-destination", menu);
  menu.press("enter");
  check_both("save-name", menu);
  menu.press("enter");
  check_both("save-summary", menu);
}

BOOST_AUTO_TEST_CASE(save_refuses_the_disk_itself) {
  job::Destination own;
  own.device = "/dev/sda2";
  own.disk = "/dev/sda";
  own.disk_name = "WDC WD5000 (WX11A123)";
  own.filesystem = "ext4";
  own.label = "root";
  own.bytes = 464 * kGiB;
  jobs.places.insert(jobs.places.begin(), own);
  Menu menu(jobs);
  menu.press("s enter");
  check_both("save-destination-unfit", menu);
}

BOOST_AUTO_TEST_CASE(progress_of_a_save) {
  Menu menu(jobs);
  menu.press("s enter enter enter");
  menu.hold();
  menu.press("enter");
  menu.tell(JobTold{job::Began{"save", 15 * kGiB}});
  menu.tick(74);
  menu.tell(JobTold{progress(0.43, 15 * kGiB)});
  menu.tell(JobTold{job::Unreadable{{123 * kMiB, 4096}, "/dev/sda2 (ext4)"}});
  check_both("save-progress", menu);
  menu.press("esc");
  check_both("save-cancel", menu);
}

BOOST_AUTO_TEST_CASE(end_of_a_save) {
  jobs.report.verified = true;
  jobs.report.lines = {"Saved WDC WD5000 to /run/drydock/mnt/sdb1/debian-pc-2026-11-25.img.zst",
                       "The image was read back and every byte of it is right"};
  Menu menu(jobs);
  menu.press("s enter enter enter enter");
  check_both("save-done", menu);
}

BOOST_AUTO_TEST_CASE(failed_save) {
  jobs.run_error = environment_error("/run/drydock/mnt/sdb1/debian-pc-2026-11-25.img.zst.part",
                                     "the destination is full, 1.2 GiB are missing",
                                     "Make room and save again; the incomplete file stays");
  Menu menu(jobs);
  menu.press("s enter enter enter enter");
  check_both("save-failed", menu);
}

BOOST_AUTO_TEST_CASE(restore_pages) {
  jobs.disks.push_back(empty_disk());
  jobs.disks.back().disk.in_use = {"/dev/sdc1 is mounted on /srv"};
  Menu menu(jobs);
  menu.press("r");
  check_both("restore-destination", menu);
  menu.press("enter");
  check_both("restore-image", menu);
  menu.press("enter");
  check_both("restore-target", menu);
  menu.press("down enter");
  check_both("restore-summary", menu);
  menu.press("enter");
  check_both("restore-summary-untyped", menu);
}

BOOST_AUTO_TEST_CASE(verify_of_a_damaged_image) {
  jobs.damage = {{{5 * kMiB, 4096}, {kGiB, kMiB}, "1 (ext4, root)", "a frame does not decompress"}};
  Menu menu(jobs);
  menu.press("v enter enter");
  check_both("verify-damaged", menu);
}

BOOST_AUTO_TEST_CASE(evaluate_pages) {
  Menu menu(jobs);
  menu.press("e");
  check_both("evaluate-source", menu);
  menu.press("enter");
  check_both("evaluate-depth", menu);
  menu.hold();
  menu.press("enter");
  menu.tell(JobTold{job::Began{"surface", 8 * kGiB}});
  menu.tick(31);
  menu.tell(JobTold{progress(0.52, 8 * kGiB)});
  menu.tell(JobTold{job::Unreadable{{208 * kGiB, 64 * kKiB}, "partition 2, ext4 \"root\""}});
  check_both("evaluate-progress", menu);
  menu.press("esc");
  check_both("evaluate-cancel", menu);
  menu.press("n");
  menu.settle();
  check_both("evaluate-done", menu);
  menu.press("pgdn pgdn");
  check_both("evaluate-done-below", menu);
}

BOOST_AUTO_TEST_CASE(rescue_pages) {
  Menu menu(jobs);
  menu.press("f");
  check_both("rescue-source", menu);
  menu.press("enter");
  check_both("rescue-destination", menu);
  menu.press("enter");
  check_both("rescue-name", menu);
  menu.press("enter");
  check_both("rescue-summary", menu);
  menu.hold();
  menu.press("enter");
  menu.tell(JobTold{job::Began{"rescue", 465 * kGiB}});
  menu.tell(JobTold{job::Notice{"partition 2, ext4 \"root\": 14.1 GiB of 464.3 GiB are in use"}});
  menu.tick(20);
  menu.tell(JobTold{progress(0.51, 465 * kGiB)});
  menu.tell(JobTold{rescue_under_way()});
  check_both("rescue-progress", menu);
  const std::string plain = menu.screen(80, 24, kTeletype);
  check_golden("rescue-progress-ascii-80x24", plain);
  menu.press("esc");
  check_both("rescue-cancel", menu);
}

BOOST_AUTO_TEST_CASE(rescue_that_is_gone_on_with) {
  for (const char* name : {"WDC-WD5000-WX11A123.img", "WDC-WD5000-WX11A123.img.map"})
    jobs.folders["/run/drydock/mnt/sdb1"].emplace_back().name = name;
  Menu menu(jobs);
  menu.press("f enter enter");
  check_both("rescue-begun", menu);
}

BOOST_AUTO_TEST_CASE(end_of_a_rescue) {
  job::Rescued end = rescue_under_way();
  for (char& cell : end.cells)
    if (cell != '+') cell = cell == '?' ? '+' : '-';
  jobs.told = {end};
  jobs.report.kept_bytes = jobs.report.source_bytes - 36 * kKiB;
  jobs.report.unreadable = ExtentMap::from({{139 * kGiB, 4 * kKiB}, {195 * kGiB, 32 * kKiB}});
  jobs.report.lines = {
      "465.8 GiB of 465.8 GiB are rescued; 7631012 reads in 3 h 12 min, 61 of them failed",
      "The copy is /run/drydock/mnt/sdb1/WDC-WD5000-WX11A123.img, its map "
      "/run/drydock/mnt/sdb1/WDC-WD5000-WX11A123.img.map",
      "36.0 KiB in 2 areas could not be read",
      "Bytes 149250113536 to 149250117632 are missing: partition 2, ext4 \"root\"",
      "Bytes 209379655680 to 209379688448 are missing: partition 2, ext4 \"root\""};
  Menu menu(jobs);
  menu.press("f enter enter enter enter");
  check_both("rescue-done", menu);
}

BOOST_AUTO_TEST_CASE(log_and_overlays) {
  Menu menu(jobs);
  menu.press("v enter enter esc l");
  check_both("log", menu);
  menu.press("esc f1");
  check_both("help", menu);
  menu.press("esc s enter enter enter f3");
  check_both("command", menu);
}

BOOST_AUTO_TEST_CASE(clone_pages) {
  jobs.disks.push_back(empty_disk());
  Menu menu(jobs);
  menu.press("d");
  check_both("clone-source", menu);
  menu.press("enter");
  check_both("clone-target", menu);
  menu.press("end enter");
  menu.type("TOSHIBA");
  check_both("clone-summary", menu);
}

BOOST_AUTO_TEST_CASE(keyboard) {
  Menu menu(jobs);
  menu.press("k down");
  check_both("keyboard", menu);
}

BOOST_AUTO_TEST_CASE(power) {
  Menu menu(jobs);
  menu.press("p");
  check_both("power-off", menu);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::tui
