// The way through a copy from disk to disk, by keys; above all what must not happen.
#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "unit/tui/menu_fixture.h"

namespace drydock::tui {
namespace {

struct CloneFixture : Fixture {
  CloneFixture() { jobs.disks.push_back(empty_disk()); }

  bool ran() const { return jobs.called("run clone"); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tui_clone, CloneFixture)

BOOST_AUTO_TEST_CASE(a_copy_with_few_keys_and_the_serial_number) {
  Menu menu(jobs);
  menu.press("d enter end enter");
  BOOST_TEST(menu.title().contains("Copy: is this right?"));
  menu.type(jobs.disks[2].disk.id.serial);
  menu.press("enter");
  BOOST_TEST(ran());
  BOOST_TEST(jobs.called("consent for /dev/sdc"));
  BOOST_TEST(jobs.clone_request->source == "/dev/sda");
  BOOST_TEST(jobs.clone_request->target == "/dev/sdc");
  BOOST_TEST(menu.title().contains("Copy: done"));
}

BOOST_AUTO_TEST_CASE(enter_alone_never_overwrites) {
  Menu menu(jobs);
  menu.press("d");
  for (int i = 0; i < 30; ++i) menu.press("enter");
  BOOST_TEST(!ran());
  BOOST_TEST(menu.title().contains("onto which disk?"));
  BOOST_TEST(menu.model.flow().drive.row == -1);
  menu.press("end");
  for (int i = 0; i < 30; ++i) menu.press("enter");
  BOOST_TEST(!ran());
  BOOST_TEST(menu.shows("Nothing was typed"));
}

BOOST_AUTO_TEST_CASE(the_serial_number_of_the_source_does_not_do) {
  Menu menu(jobs);
  menu.press("d enter end enter");
  menu.type("WX11A123");
  menu.press("enter");
  BOOST_TEST(!ran());
}

BOOST_AUTO_TEST_CASE(a_disk_is_no_target_for_itself_nor_one_that_is_too_small) {
  Menu menu(jobs);
  menu.press("d enter home enter");
  BOOST_TEST(menu.shows("it is the disk that is to be copied"));
  menu.press("down enter");
  BOOST_TEST(menu.shows("cannot be chosen: too small"));
  BOOST_TEST(!jobs.called("plan clone"));
}

BOOST_AUTO_TEST_CASE(going_back_finds_the_source_marked_again) {
  Menu menu(jobs);
  menu.press("d enter end esc");
  BOOST_TEST(menu.title().contains("Copy: which disk?"));
  BOOST_TEST(menu.model.flow().drive.row == 0);
  menu.press("enter");
  BOOST_TEST(menu.model.flow().drive.row == -1);
}

BOOST_AUTO_TEST_CASE(the_command_line_that_does_the_same) {
  Menu menu(jobs);
  menu.press("d enter f3");
  BOOST_TEST(menu.shows("imager clone /dev/sda DISK"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::tui
