#include "sys/mounts.h"

#include <boost/test/unit_test.hpp>

#include "support/temp_dir.h"

namespace drydock::sys {

BOOST_AUTO_TEST_SUITE(sys_mounts)

BOOST_AUTO_TEST_CASE(lines_of_mountinfo) {
  // proc(5): optional fields, escaped paths, and options of the mount and of the filesystem.
  const auto mounts = parse_mountinfo(
      "22 27 0:21 / /proc rw,relatime - proc proc rw\n"
      "27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard\n"
      "40 27 8:17 / /media/my\\040disk\\134 rw,nosuid - vfat /dev/sdb1 ro,errors=remount-ro\n"
      "41 27 0:50 /sub /srv ro - nfs4 server:/a\\040b rw\n"
      "garbage\n"
      "42 27 0:51 / /short rw -\n");
  BOOST_REQUIRE_EQUAL(mounts.size(), 4u);
  BOOST_CHECK((mounts[1] == Mount{"254:0", "/", "ext4", "/dev/vda", false}));
  BOOST_CHECK((mounts[2] == Mount{"8:17", "/media/my disk\\", "vfat", "/dev/sdb1", true}));
  BOOST_CHECK((mounts[3] == Mount{"0:50", "/srv", "nfs4", "server:/a b", true}));
}

BOOST_AUTO_TEST_CASE(a_path_stands_on_the_deepest_and_last_mount) {
  const std::vector<Mount> mounts{{"1:1", "/", "ext4", "a", false},
                                  {"1:2", "/mnt", "ext4", "b", false},
                                  {"1:3", "/mnt/deep", "ext4", "c", false},
                                  {"1:4", "/mnt", "ext4", "d", false}};
  BOOST_TEST(mount_of(mounts, "/mnt/deep/x")->source == "c");
  BOOST_TEST(mount_of(mounts, "/mnt")->source == "d");
  BOOST_TEST(mount_of(mounts, "/mntx/y")->source == "a");
  BOOST_TEST(mount_of({}, "/x") == nullptr);
}

BOOST_AUTO_TEST_CASE(swap_devices_and_files) {
  const auto swaps = parse_swaps(
      "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
      "/dev/sda2                               partition\t1000\t0\t-2\n"
      "/swap\\040file file 1 0 -3\n");
  const std::vector<std::string> expected{"/dev/sda2", "/swap file"};
  BOOST_TEST(swaps == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(space_is_measured_for_files_that_do_not_exist_yet) {
  const test::TempDir dir;
  Storage storage;
  BOOST_REQUIRE(measure((dir / "new.img").string(), storage).has_value());
  BOOST_TEST(storage.total > 0u);
  BOOST_TEST(storage.free <= storage.total);
  BOOST_TEST(!measure((dir / "no/new.img").string(), storage).has_value());
}

BOOST_AUTO_TEST_CASE(fat_holds_no_file_of_four_gib) {
  BOOST_TEST(largest_file("vfat") == 0xFFFFFFFFu);
  BOOST_TEST(largest_file("ext4") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
