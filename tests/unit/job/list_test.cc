#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "job/inspect.h"
#include "unit/job/computer.h"

namespace drydock::job {

BOOST_FIXTURE_TEST_SUITE(job_list, test::Computer)

BOOST_AUTO_TEST_CASE(a_drive_with_its_partitions_and_what_is_on_them) {
  add_system_drive("/dev/sda", 8);
  const auto listing = list(machine);
  BOOST_REQUIRE(listing.has_value());
  BOOST_REQUIRE_EQUAL(listing->disks.size(), 1u);
  const ListedDisk& listed = listing->disks.front();
  BOOST_TEST(listed.problem == "");
  BOOST_CHECK(listed.layout.table == TableKind::mbr);
  BOOST_REQUIRE_EQUAL(listed.layout.partitions.size(), 2u);
  BOOST_REQUIRE_EQUAL(listed.volumes.size(), 2u);
  BOOST_TEST(listed.volumes[0].filesystem == "swap");
  BOOST_TEST(listed.volumes[1].filesystem == "");
  BOOST_TEST(machine.opened_for_writing().empty());
}

BOOST_AUTO_TEST_CASE(a_drive_that_fails_does_not_hide_the_others) {
  add_system_drive("/dev/sda", 4);
  add_system_drive("/dev/sdb", 4);
  io::Faults faults;
  faults.unreadable = ExtentMap::whole(4 * kMiB);
  machine.break_drive("/dev/sda", faults);
  const auto listing = list(machine);
  BOOST_REQUIRE(listing.has_value());
  BOOST_REQUIRE_EQUAL(listing->disks.size(), 2u);
  BOOST_TEST(listing->disks[0].problem.contains("/dev/sda"));
  BOOST_TEST(listing->disks[0].volumes.empty());
  BOOST_TEST(listing->disks[1].problem == "");
  BOOST_TEST(listing->disks[1].volumes.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_empty_drive_is_listed_and_not_opened) {
  Disk drive;
  drive.path = "/dev/sr0";
  drive.medium_present = false;
  machine.plug(drive);
  const auto listing = list(machine);
  BOOST_REQUIRE(listing.has_value());
  BOOST_REQUIRE_EQUAL(listing->disks.size(), 1u);
  BOOST_TEST(listing->disks.front().problem == "");
  BOOST_TEST(machine.opened().empty());
}

BOOST_AUTO_TEST_CASE(a_machine_that_hides_its_drives) {
  machine.set_advice({"The storage controller hides 1 NVMe drive."});
  const auto listing = list(machine);
  BOOST_REQUIRE(listing.has_value());
  BOOST_TEST(listing->disks.empty());
  BOOST_REQUIRE_EQUAL(listing->advice.size(), 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::job
