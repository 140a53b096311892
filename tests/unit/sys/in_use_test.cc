#include "sys/in_use.h"

#include <boost/test/unit_test.hpp>

#include "support/sys_tree.h"
#include "sys/block_tree.h"

namespace drydock::sys {
namespace {

using Reasons = std::vector<std::string>;

struct Computer {
  test::SysTreeBuilder builder;

  Computer() {
    for (const char* name : {"sda", "sdb", "sdc"}) {
      builder.add_disk(std::string("pci0000:00/0000:00:05.0/") + name + "-scsi/block/" + name,
                       {{"size", "9999\n"}});
      for (const unsigned number : {1u, 2u, 3u})
        builder.add_partition(name, number, {{"size", "99\n"}});
    }
    builder.add_disk("virtual/block/dm-0", {{"size", "99\n"}, {"dm/name", "vg0-root\n"}});
    builder.add_disk("virtual/block/md0", {{"size", "99\n"}});
    builder.add_disk("virtual/block/loop0",
                     {{"size", "99\n"}, {"loop/backing_file", "/srv/disk.img\n"}});
  }

  Reasons reasons(const std::string& name) const {
    const SysTree tree(builder.root());
    return Uses(tree).reasons(name);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sys_in_use, Computer)

BOOST_AUTO_TEST_CASE(nothing_is_in_the_way_of_an_idle_disk) {
  builder.add_mount("sda1", "/", "ext4", "/dev/sda1");
  BOOST_TEST(reasons("sdb").empty());
  BOOST_TEST(reasons("sda2").empty());
}

BOOST_AUTO_TEST_CASE(a_mounted_partition_blocks_itself_and_its_disk) {
  builder.add_mount("sda2", "/home\\040of\\011mine", "ext4", "/dev/sda2");
  builder.add_mount("sda2", "/again", "ext4", "/dev/sda2");
  const Reasons expected{"/dev/sda2 is mounted on /home of?mine"};
  BOOST_TEST(reasons("sda") == expected, boost::test_tools::per_element());
  BOOST_TEST(reasons("sda2") == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_disk_mounted_as_a_whole_blocks_its_partitions) {
  builder.add_mount("sdb", "/mnt", "vfat", "/dev/sdb");
  BOOST_TEST(reasons("sdb1") == Reasons{"/dev/sdb is mounted on /mnt"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(swap_holders_and_loop_devices) {
  builder.write("/proc/swaps",
                "Filename\tType\tSize\tUsed\tPriority\n/dev/sda3 partition 99 0 -2\n");
  builder.add_holder("sda1", "dm-0");
  builder.add_holder("sdb1", "md0");
  const Reasons sda{"/dev/sda1 belongs to /dev/dm-0 (vg0-root)", "/dev/sda3 is used as swap"};
  BOOST_TEST(reasons("sda") == sda, boost::test_tools::per_element());
  BOOST_TEST(reasons("sdb1") == Reasons{"/dev/sdb1 belongs to /dev/md0"},
             boost::test_tools::per_element());
  const SysTree tree(builder.root());
  BOOST_TEST(Uses(tree).reasons_of_file("/srv/disk.img").size() == 1u);
  BOOST_TEST(Uses(tree).reasons_of_file("/srv/other.img").empty());
}

BOOST_AUTO_TEST_CASE(every_device_of_a_btrfs_counts_and_its_number_is_nobodys) {
  builder.add_mount("0:44", "/data", "btrfs", "/dev/sda1");
  builder.write("/sys/fs/btrfs/6f0a/devices/sda1", "");
  builder.write("/sys/fs/btrfs/6f0a/devices/sdb1", "");
  BOOST_TEST(reasons("sda1") == Reasons{"/dev/sda1 is mounted on /data"},
             boost::test_tools::per_element());
  BOOST_TEST(reasons("sdb") == Reasons{"/dev/sdb1 belongs to a mounted Btrfs"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_drives_below_a_stack) {
  builder.add_holder("sda1", "dm-0");
  builder.add_holder("sdb1", "dm-0");
  builder.add_mount("dm-0", "/srv", "ext4", "/dev/dm-0");
  const SysTree tree(builder.root());
  const Reasons both{"sda", "sdb"};
  BOOST_TEST(drives_below(tree, "dm-0") == both, boost::test_tools::per_element());
  BOOST_TEST(drives_below(tree, "loop0") == both, boost::test_tools::per_element());
  BOOST_TEST(drives_below(tree, "sdc2") == Reasons{"sdc"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_and_paths_of_devices) {
  builder.add_disk("pci0000:00/0000:00:06.0/cciss0/block/cciss!c0d0", {{"size", "99\n"}});
  builder.add_partition("cciss!c0d0", 1, {});
  const SysTree tree(builder.root());
  BOOST_TEST(device_path("cciss!c0d0p1") == "/dev/cciss/c0d0p1");
  BOOST_TEST(block_name(tree, "/dev/cciss/c0d0").value_or("") == "cciss!c0d0");
  BOOST_TEST(whole_disk(tree, "cciss!c0d0p1") == "cciss!c0d0");
  BOOST_TEST(partitions(tree, "sda").size() == 3u);
  BOOST_TEST(!block_name(tree, "/dev/sdz").has_value());
  BOOST_TEST(!block_name(tree, "/srv/disk.img").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
