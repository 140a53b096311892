#include "sys/write_gate.h"

#include <fcntl.h>

#include <boost/test/unit_test.hpp>

#include "base/units.h"
#include "io/fd.h"
#include "support/files.h"
#include "support/loop_device.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/sys_tree.h"
#include "support/temp_dir.h"
#include "sys/block_tree.h"

namespace drydock::sys {
namespace {

// A loop device with two partitions, or the reason why there is none.
struct PartitionedLoop {
  test::TempDir dir;
  std::optional<test::LoopDevice> loop;
  std::string disk;

  std::optional<std::string> attach() {
    if (auto why = test::no_loop_device()) return why;
    if (auto why = test::missing_program("addpart")) return why;
    test::make_sparse(dir / "disk", 16 * kMiB);
    loop.emplace(dir / "disk", std::vector<std::string>{"--partscan"});
    disk = loop->path().substr(5);
    // Told to the kernel by hand: not every kernel reads partition tables.
    test::must_run({.argv = {"addpart", loop->path(), "1", "2048", "8192"}});
    test::must_run({.argv = {"addpart", loop->path(), "2", "10240", "8192"}});
    return std::nullopt;
  }

  bool read_only(const std::string& suffix) const {
    return SysTree().number(sysfs_folder(disk + suffix) + "/ro") != 0;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sys_write_gate)

BOOST_AUTO_TEST_CASE(elsewhere_than_in_the_live_system_no_flag_is_touched) {
  const SysTree tree;
  WriteGate gate(tree, false);
  BOOST_TEST(gate.shut("no such device").has_value());
  BOOST_TEST(gate.open("no such device").has_value());
  WriteGate live(tree, true);
  BOOST_TEST(!live.shut("no such device").has_value());
  BOOST_TEST(!live.open("no such device").has_value());
}

BOOST_AUTO_TEST_CASE(a_disk_is_shut_and_opened) {
  if (const auto why = test::no_loop_device()) return test::skip(*why);
  const test::TempDir dir;
  test::make_sparse(dir / "disk", kMiB);
  const test::LoopDevice loop(dir / "disk");
  const SysTree tree;
  WriteGate gate(tree, true);
  const std::string name = loop.path().substr(5);
  BOOST_REQUIRE(gate.shut(name).has_value());
  BOOST_TEST(tree.number(sysfs_folder(name) + "/ro") == 1u);
  BOOST_REQUIRE(gate.open(name).has_value());
  BOOST_TEST(tree.number(sysfs_folder(name) + "/ro") == 0u);
}

BOOST_AUTO_TEST_CASE(what_somebody_holds_keeps_its_flag) {
  if (const auto why = test::no_loop_device()) return test::skip(*why);
  const test::TempDir dir;
  test::make_sparse(dir / "disk", kMiB);
  const test::LoopDevice loop(dir / "disk");
  const SysTree tree;
  WriteGate gate(tree, true);
  const std::string name = loop.path().substr(5);
  const auto held = io::open_path(loop.path(), O_RDWR | O_EXCL);
  BOOST_REQUIRE(held.has_value());
  BOOST_TEST(gate.shut(name).has_value());
  BOOST_TEST(tree.number(sysfs_folder(name) + "/ro") == 0u);
}

BOOST_AUTO_TEST_CASE(a_writable_partition_leaves_its_neighbour_read_only) {
  PartitionedLoop device;
  if (const auto why = device.attach()) return test::skip(*why);
  const SysTree tree;
  WriteGate gate(tree, true);
  BOOST_REQUIRE(gate.shut(device.disk).has_value());
  BOOST_TEST(device.read_only("p1"));
  BOOST_REQUIRE(gate.open(device.disk + "p1").has_value());
  BOOST_TEST(!device.read_only("p1"));
  BOOST_TEST(device.read_only("p2"));
  const auto writable = writable_devices(tree);
  BOOST_TEST(std::ranges::contains(writable, device.loop->path() + "p1"));
  BOOST_TEST(!std::ranges::contains(writable, device.loop->path()));
  BOOST_REQUIRE(gate.shut(device.disk + "p1").has_value());
  BOOST_TEST(device.read_only(""));
  BOOST_TEST(device.read_only("p1"));
  BOOST_TEST(device.read_only("p2"));
}

BOOST_AUTO_TEST_CASE(writable_devices_by_their_flags) {
  test::SysTreeBuilder builder;
  const auto add = [&](const std::string& name, const char* read_only, const char* size) {
    builder.add_disk("pci0000:00/0000:00:05.0/x" + name + "/block/" + name,
                     {{"size", size}, {"ro", read_only}});
  };
  add("sda", "1\n", "999\n");
  add("sdb", "0\n", "999\n");
  builder.add_partition("sdb", 1, {{"ro", "0\n"}});
  builder.add_partition("sdb", 2, {{"ro", "1\n"}});
  add("sdc", "0\n", "999\n");
  builder.add_partition("sdc", 1, {{"ro", "0\n"}});
  add("sdd", "0\n", "0\n");
  const SysTree tree(builder.root());
  const std::vector<std::string> expected{"/dev/sdb1", "/dev/sdc"};
  BOOST_TEST(writable_devices(tree) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
