#include "sys/disks.h"

#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "support/sys_tree.h"

namespace drydock::sys {
namespace {

using test::SysTreeBuilder;

Disk only_disk(const SysTreeBuilder& builder) {
  const std::vector<Disk> disks = find_disks(SysTree(builder.root()));
  BOOST_REQUIRE_EQUAL(disks.size(), 1u);
  return disks.front();
}

void check_identity(const DiskId& id, const DiskId& expected) {
  BOOST_TEST(id.model == expected.model);
  BOOST_TEST(id.serial == expected.serial);
  BOOST_TEST(id.wwn == expected.wwn);
  BOOST_TEST(id.bus == expected.bus);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sys_disks)

BOOST_AUTO_TEST_CASE(a_sata_drive_tells_its_whole_model_and_serial) {
  SysTreeBuilder tree;
  tree.add_disk("pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda",
                {{"size", "976773168\n"},
                 {"removable", "0\n"},
                 {"ro", "1\n"},
                 {"queue/logical_block_size", "512\n"},
                 {"queue/physical_block_size", "4096\n"},
                 {"queue/rotational", "1\n"},
                 {"device/vendor", "ATA     \n"},
                 {"device/model", "WDC WD5000AAKX-0\n"},
                 {"device/vpd_pg80", test::vpd_page_80("     WD-WCC2E1234567")},
                 {"device/vpd_pg83", test::vpd_page_83("50014ee2b1234567")},
                 {"device/vpd_pg89",
                  test::vpd_page_89("WDC WD5000AAKX-003CA0", "     WD-WCC2E1234567", true)}});
  const Disk disk = only_disk(tree);
  BOOST_TEST(disk.path == "/dev/sda");
  check_identity(disk.id,
                 {"WDC WD5000AAKX-003CA0", "WD-WCC2E1234567", "0x50014ee2b1234567", "SATA"});
  BOOST_CHECK((disk.geometry == Geometry{500107862016, 512, 4096}));
  BOOST_TEST(disk.rotational);
  BOOST_TEST(disk.read_only);
  BOOST_TEST(!disk.removable);
  BOOST_TEST(disk.medium_present);
  BOOST_TEST(disk.controller == "0000:00:1f.2");
  BOOST_TEST(disk.in_use.empty());
}

BOOST_AUTO_TEST_CASE(a_parallel_ata_drive_is_not_called_sata) {
  SysTreeBuilder tree;
  tree.add_disk("pci0000:00/0000:00:01.1/ata1/host0/target0:0:0/0:0:0:0/block/sda",
                {{"size", "2048\n"},
                 {"device/vendor", "ATA\n"},
                 {"device/model", "QEMU HARDDISK\n"},
                 {"device/vpd_pg89", test::vpd_page_89("QEMU HARDDISK", "QM00001", false)}});
  check_identity(only_disk(tree).id, {"QEMU HARDDISK", "QM00001", "", "ATA"});
}

BOOST_AUTO_TEST_CASE(an_nvme_drive_without_its_hidden_paths) {
  SysTreeBuilder tree;
  tree.add_disk("pci0000:00/0000:00:06.0/0000:01:00.0/nvme/nvme0/nvme0n1",
                {{"size", "1953525168\n"},
                 {"wwid", "eui.0025385b01401234\n"},
                 {"queue/rotational", "0\n"},
                 {"queue/logical_block_size", "4096\n"},
                 {"device/model", "Samsung SSD 970 EVO Plus 1TB            \n"},
                 {"device/serial", "S4EWNX0R123456      \n"}});
  tree.add_disk("pci0000:00/0000:00:06.0/0000:01:00.0/nvme/nvme0/nvme0c0n1",
                {{"size", "1953525168\n"}, {"hidden", "1\n"}});
  const Disk disk = only_disk(tree);
  BOOST_TEST(disk.path == "/dev/nvme0n1");
  check_identity(
      disk.id, {"Samsung SSD 970 EVO Plus 1TB", "S4EWNX0R123456", "eui.0025385b01401234", "NVMe"});
  BOOST_CHECK((disk.geometry == Geometry{1000204886016, 4096, 4096}));
  BOOST_TEST(disk.controller == "0000:01:00.0");
}

BOOST_AUTO_TEST_CASE(a_usb_stick_has_the_serial_of_its_usb_device) {
  SysTreeBuilder tree;
  tree.write("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/idVendor", "0781\n");
  tree.write("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/serial", "4C530001230101112233\n");
  tree.write("/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2/product", "Extreme\n");
  tree.add_disk("pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/host6/target6:0:0/6:0:0:0/block/sdb",
                {{"size", "61341696\n"},
                 {"removable", "1\n"},
                 {"device/vendor", "SanDisk \n"},
                 {"device/model", "Extreme         \n"}});
  const Disk disk = only_disk(tree);
  check_identity(disk.id, {"SanDisk Extreme", "4C530001230101112233", "", "USB"});
  BOOST_TEST(disk.removable);
}

BOOST_AUTO_TEST_CASE(a_usb_box_has_the_serial_of_the_drive_in_it) {
  SysTreeBuilder tree;
  tree.write("/sys/devices/pci0000:00/0000:00:14.0/usb2/2-1/idVendor", "174c\n");
  tree.write("/sys/devices/pci0000:00/0000:00:14.0/usb2/2-1/serial", "BRIDGE\n");
  tree.add_disk("pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host7/target7:0:0/7:0:0:0/block/sdc",
                {{"size", "2048\n"},
                 {"removable", "0\n"},
                 {"device/vendor", "ASMT\n"},
                 {"device/model", "2115\n"},
                 {"device/vpd_pg80", test::vpd_page_80("DRIVE")}});
  const Disk disk = only_disk(tree);
  BOOST_TEST(disk.id.serial == "DRIVE");
  BOOST_TEST(disk.removable);
}

BOOST_AUTO_TEST_CASE(virtio_memory_cards_sas_and_floppy) {
  SysTreeBuilder tree;
  tree.add_disk("pci0000:00/0000:00:04.0/virtio1/block/vda",
                {{"size", "2048\n"}, {"serial", "DISK-A"}});
  tree.add_disk("pci0000:00/0000:00:1c.0/mmc_host/mmc0/mmc0:0001/block/mmcblk0",
                {{"size", "2048\n"},
                 {"device/type", "MMC\n"},
                 {"device/name", "BJTD4R\n"},
                 {"device/serial", "0x1234abcd\n"}});
  tree.add_disk("pci0000:00/0000:00:1c.1/mmc_host/mmc1/mmc1:aaaa/block/mmcblk1",
                {{"size", "2048\n"}, {"device/type", "SD\n"}, {"device/name", "SC32G\n"}});
  tree.add_disk(
      "pci0000:00/0000:02:00.0/host1/port-1:0/end_device-1:0/target1:0:0/1:0:0:0/block/sda",
      {{"size", "2048\n"},
       {"device/vendor", "SEAGATE\n"},
       {"device/model", "ST600MM0006\n"},
       {"device/wwid", "naa.5000c5007f123456\n"}});
  tree.add_disk("platform/floppy.0/block/fd0", {{"size", "8\n"}, {"removable", "1\n"}});
  const std::vector<Disk> disks = find_disks(SysTree(tree.root()));
  BOOST_REQUIRE_EQUAL(disks.size(), 5u);
  BOOST_TEST(disks[0].path == "/dev/fd0");
  BOOST_TEST(!disks[0].medium_present);
  check_identity(disks[1].id, {"BJTD4R", "0x1234abcd", "", "MMC"});
  BOOST_TEST(disks[2].id.bus == "SD");
  BOOST_TEST(disks[2].removable);
  check_identity(disks[3].id, {"SEAGATE ST600MM0006", "", "0x5000c5007f123456", "SAS"});
  check_identity(disks[4].id, {"", "DISK-A", "", "virtio"});
}

BOOST_AUTO_TEST_CASE(an_empty_optical_drive_has_no_medium) {
  SysTreeBuilder tree;
  const std::string place = "pci0000:00/0000:00:1f.2/ata3/host2/target2:0:0/2:0:0:0/block/";
  tree.add_disk(place + "sr0", {{"size", "2097151\n"},
                                {"removable", "1\n"},
                                {"queue/logical_block_size", "2048\n"},
                                {"device/vendor", "HL-DT-ST\n"},
                                {"device/model", "DVDRAM GH24NSD1\n"}});
  const Disk disk = only_disk(tree);
  BOOST_TEST(!disk.medium_present);
  BOOST_TEST(disk.geometry.bytes == 0u);
  BOOST_TEST(disk.id.model == "HL-DT-ST DVDRAM GH24NSD1");
}

BOOST_AUTO_TEST_CASE(only_used_loop_and_mapped_devices_are_listed) {
  SysTreeBuilder tree;
  tree.add_disk("virtual/block/loop0", {{"size", "0\n"}});
  tree.add_disk("virtual/block/loop1", {{"size", "2048\n"}, {"loop/backing_file", "/srv/a.img\n"}});
  tree.add_disk("virtual/block/ram0", {{"size", "8192\n"}});
  tree.add_disk("virtual/block/zram0", {{"size", "8192\n"}});
  tree.add_disk("virtual/block/nbd0", {{"size", "0\n"}});
  tree.add_disk("virtual/block/md127",
                {{"size", "4096\n"}, {"md/level", "raid1\n"}, {"md/uuid", "a-b\n"}});
  tree.add_disk("virtual/block/dm-0",
                {{"size", "4096\n"}, {"dm/name", "vg0-root\n"}, {"dm/uuid", "LVM-xyz\n"}});
  const std::vector<Disk> disks = find_disks(SysTree(tree.root()));
  BOOST_REQUIRE_EQUAL(disks.size(), 3u);
  check_identity(disks[0].id, {"vg0-root", "LVM-xyz", "", "device mapper"});
  check_identity(disks[1].id, {"/srv/a.img", "", "", "loop"});
  check_identity(disks[2].id, {"raid1", "a-b", "", "md"});
  for (const Disk& disk : disks) BOOST_TEST(disk.controller == "");
}

BOOST_AUTO_TEST_CASE(drives_come_in_the_order_of_their_names) {
  SysTreeBuilder tree;
  for (const char* name : {"sdaa", "sdz", "sda", "nvme10n1", "nvme2n1"})
    tree.add_disk(std::string("pci0000:00/0000:00:05.0/") + name + "x/block/" + name,
                  {{"size", "8\n"}});
  std::vector<std::string> paths;
  for (const Disk& disk : find_disks(SysTree(tree.root()))) paths.push_back(disk.path);
  const std::vector<std::string> expected{"/dev/nvme2n1", "/dev/nvme10n1", "/dev/sda", "/dev/sdz",
                                          "/dev/sdaa"};
  BOOST_TEST(paths == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_drive_that_tells_nonsense_is_listed_all_the_same) {
  SysTreeBuilder tree;
  tree.add_disk("pci0000:00/0000:00:05.0/host0/target0:0:0/0:0:0:0/block/sda",
                {{"size", "junk"},
                 {"queue/logical_block_size", "7\n"},
                 {"device/vpd_pg80", std::string("\0\x80\xff\xff"
                                                 "abc",
                                                 7)},
                 {"device/vpd_pg83", std::string("\0\x83\0\x08\x01\x03\0\xff"
                                                 "1234",
                                                 12)},
                 {"device/vpd_pg89", std::string("\0\x89\x02\x38", 4)},
                 {"device/model", "bad\x01name\xff\n"}});
  const Disk disk = only_disk(tree);
  BOOST_TEST(!disk.medium_present);
  BOOST_TEST(disk.geometry.logical_sector == 512u);
  check_identity(disk.id, {"bad?name?", "abc", "", "SCSI"});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
