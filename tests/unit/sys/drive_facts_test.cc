#include "sys/drive_facts.h"

#include <boost/test/unit_test.hpp>

#include "support/sys_tree.h"

namespace drydock::sys {
namespace {

using test::SysTreeBuilder;

DriveFacts facts_of(const SysTreeBuilder& builder, const std::string& disk) {
  return read_drive_facts(SysTree(builder.root()), disk);
}

BOOST_AUTO_TEST_SUITE(sys_drive_facts)

BOOST_AUTO_TEST_CASE(a_sata_drive_and_its_port) {
  SysTreeBuilder tree;
  tree.add_disk("pci0000:00/0000:00:1f.2/ata3/host2/target2:0:0/2:0:0:0/block/sda",
                {{"queue/write_cache", "write back\n"},
                 {"queue/discard_max_bytes", "2147450880\n"},
                 {"device/rev", "1A01\n"}});
  tree.write("/sys/class/ata_link/link3/sata_spd", "1.5 Gbps\n");
  tree.write("/sys/class/ata_link/link3/hw_sata_spd_limit", "6.0 Gbps\n");
  const DriveFacts facts = facts_of(tree, "sda");
  BOOST_CHECK((facts.link == LinkSpeed{"SATA", "1.5 Gb/s", "", "6.0 Gb/s", 1500, 0, 6000}));
  BOOST_TEST(facts.write_cache == "write back");
  BOOST_TEST(facts.trim);
  BOOST_TEST(facts.firmware == "1A01");
}

BOOST_AUTO_TEST_CASE(an_nvme_drive_in_a_slot_of_two_lanes) {
  SysTreeBuilder tree;
  const std::string port = "/sys/devices/pci0000:00/0000:00:06.0";
  tree.add_disk("pci0000:00/0000:00:06.0/0000:01:00.0/nvme/nvme0/nvme0n1",
                {{"device/firmware_rev", "2B2QEXE7\n"}});
  tree.write(port + "/0000:01:00.0/current_link_speed", "8.0 GT/s PCIe\n");
  tree.write(port + "/0000:01:00.0/current_link_width", "2\n");
  tree.write(port + "/0000:01:00.0/max_link_speed", "16.0 GT/s PCIe\n");
  tree.write(port + "/0000:01:00.0/max_link_width", "4\n");
  tree.write(port + "/max_link_speed", "8.0 GT/s PCIe\n");
  tree.write(port + "/max_link_width", "4\n");
  const DriveFacts facts = facts_of(tree, "nvme0n1");
  BOOST_CHECK((facts.link == LinkSpeed{"PCIe", "8.0 GT/s x2", "16.0 GT/s x4", "8.0 GT/s x4", 16000,
                                       64000, 32000}));
  BOOST_TEST(facts.firmware == "2B2QEXE7");
  BOOST_TEST(!facts.trim);
}

BOOST_AUTO_TEST_CASE(a_usb_3_drive_at_a_usb_2_port) {
  SysTreeBuilder tree;
  const std::string device = "pci0000:00/0000:00:14.0/usb1/1-4";
  tree.add_disk(device + "/1-4:1.0/host4/target4:0:0/4:0:0:0/block/sdb", {});
  tree.write("/sys/devices/" + device + "/idVendor", "0bc2\n");
  tree.write("/sys/devices/" + device + "/speed", "480\n");
  tree.write("/sys/devices/" + device + "/version", " 2.10\n");
  BOOST_CHECK(
      (facts_of(tree, "sdb").link == LinkSpeed{"USB", "480 Mb/s", "5000 Mb/s", "", 480, 5000, 0}));
  tree.write("/sys/devices/" + device + "/version", " 2.00\n");
  BOOST_TEST(facts_of(tree, "sdb").link.drive_rate == 0u);
}

BOOST_AUTO_TEST_CASE(what_the_kernel_does_not_know_stays_empty) {
  SysTreeBuilder tree;
  tree.add_disk("pci0000:00/0000:00:1f.2/ata3/host2/target2:0:0/2:0:0:0/block/sda", {});
  tree.write("/sys/class/ata_link/link3/sata_spd", "<unknown>\n");
  const DriveFacts facts = facts_of(tree, "sda");
  BOOST_TEST(facts.link.now_rate == 0u);
  BOOST_TEST(facts.link.now.empty());
  tree.add_disk("pci0000:00/0000:00:05.0/virtio1/block/vda", {});
  BOOST_CHECK((facts_of(tree, "vda") == DriveFacts()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::sys
