#include "sys/drive_condition.h"

#include <boost/test/unit_test.hpp>

#include "support/sys_tree.h"

namespace drydock::sys {
namespace {

constexpr const char* kSata = "pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda";
constexpr const char* kNvme = "pci0000:00/0000:00:04.0/nvme/nvme0/nvme0n1";

}  // namespace

BOOST_AUTO_TEST_SUITE(sys_drive_condition)

BOOST_AUTO_TEST_CASE(the_temperature_of_a_sensor) {
  test::SysTreeBuilder machine;
  machine.add_disk(kSata, {{"size", "8"}, {"device/hwmon/hwmon2/temp1_input", "38000\n"}});
  machine.add_disk(kNvme, {{"size", "8"}, {"device/hwmon1/temp1_input", "-5000\n"}});
  machine.add_disk("virtual/block/vda", {{"size", "8"}});
  machine.add_disk("virtual/block/vdb", {{"size", "8"}, {"device/hwmon1/temp1_input", "warm"}});
  const SysTree tree(machine.root());
  BOOST_TEST(temperature(tree, "sda").value() == 38);
  BOOST_TEST(temperature(tree, "nvme0n1").value() == -5);
  BOOST_TEST(!temperature(tree, "vda").has_value());
  BOOST_TEST(!temperature(tree, "vdb").has_value());
}

BOOST_AUTO_TEST_CASE(a_drive_that_is_gone_tells_nothing) {
  const test::SysTreeBuilder machine;
  Disk gone;
  gone.path = "/dev/none";
  BOOST_TEST((ask_for_condition(SysTree(machine.root()), gone) == DriveCondition{}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
