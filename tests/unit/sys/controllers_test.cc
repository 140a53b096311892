#include "sys/controllers.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "support/sys_tree.h"

namespace drydock::sys {
namespace {

struct Pci {
  std::string address, vendor, device, kind, driver;
};

// As the kernel lays it out: the driver is a link to its folder.
void add(test::SysTreeBuilder& tree, const Pci& pci) {
  const std::string folder = "/sys/bus/pci/devices/" + pci.address;
  tree.write(folder + "/vendor", pci.vendor + "\n");
  tree.write(folder + "/device", pci.device + "\n");
  tree.write(folder + "/class", pci.kind + "\n");
  if (pci.driver.empty()) return;
  tree.write("/sys/bus/pci/drivers/" + pci.driver + "/bind", "");
  std::filesystem::create_symlink("../../drivers/" + pci.driver, tree.root() + folder + "/driver");
}

std::vector<std::string> advice_of(const test::SysTreeBuilder& tree,
                                   const std::vector<Disk>& disks = {}) {
  return hidden_drive_advice(SysTree(tree.root()), disks);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sys_controllers)

BOOST_AUTO_TEST_CASE(an_intel_controller_that_remaps_nvme_drives_names_the_mode_to_set) {
  test::SysTreeBuilder tree;
  add(tree, {"0000:00:17.0", "0x8086", "0x2822", "0x010400", "ahci"});
  tree.write("/sys/bus/pci/devices/0000:00:17.0/remapped_nvme", "1\n");
  const auto all = advice_of(tree);
  BOOST_REQUIRE_EQUAL(all.size(), 1u);
  BOOST_TEST(all[0].contains("0000:00:17.0 (8086:2822) hides 1 NVMe drive:"), all[0]);
  BOOST_TEST(all[0].contains("set the storage mode to AHCI"), all[0]);
}

BOOST_AUTO_TEST_CASE(raid_modes_without_a_driver_say_what_to_change) {
  test::SysTreeBuilder tree;
  add(tree, {"0000:00:0e.0", "0x8086", "0x9a0b", "0x010400", ""});
  add(tree, {"0000:02:00.0", "0x1022", "0xb000", "0x010400", ""});
  add(tree, {"0000:03:00.0", "0x1234", "0x0001", "0x010000", ""});
  const auto all = advice_of(tree);
  BOOST_REQUIRE_EQUAL(all.size(), 3u);
  BOOST_TEST(all[0].contains("VMD"), all[0]);
  BOOST_TEST(all[1].contains("NVMe RAID"), all[1]);
  BOOST_TEST(all[2].contains("has no driver"), all[2]);
}

BOOST_AUTO_TEST_CASE(a_raid_controller_without_an_array_warns_of_making_one) {
  test::SysTreeBuilder tree;
  add(tree, {"0000:01:00.0", "0x1000", "0x005b", "0x010400", "megaraid_sas"});
  const auto all = advice_of(tree);
  BOOST_REQUIRE_EQUAL(all.size(), 1u);
  BOOST_TEST(all[0].contains("driver megaraid_sas, shows no drive"), all[0]);
  BOOST_TEST(all[0].contains("may erase drives"), all[0]);
  Disk array;
  array.controller = "0000:01:00.0";
  BOOST_TEST(advice_of(tree, {array}).empty());
}

BOOST_AUTO_TEST_CASE(empty_sata_ports_and_other_devices_are_nothing_to_speak_of) {
  test::SysTreeBuilder tree;
  add(tree, {"0000:00:1f.2", "0x8086", "0x2922", "0x010601", "ahci"});
  add(tree, {"0000:00:02.0", "0x1234", "0x1111", "0x030000", ""});
  BOOST_TEST(advice_of(tree).empty());
  BOOST_TEST(advice_of(test::SysTreeBuilder()).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
