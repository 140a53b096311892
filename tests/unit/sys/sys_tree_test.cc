#include "sys/sys_tree.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <filesystem>

#include "support/files.h"
#include "support/temp_dir.h"

namespace drydock::sys {

BOOST_AUTO_TEST_SUITE(sys_sys_tree)

BOOST_AUTO_TEST_CASE(names_are_ordered_as_drives_are_numbered) {
  const std::vector<std::string> expected{
      "dm-2",      "dm-10",      "loop0",   "mmcblk0",  "mmcblk0p1", "nvme0n1",
      "nvme0n1p2", "nvme0n1p10", "nvme0n2", "nvme10n1", "sda",       "sda2",
      "sda10",     "sdb",        "sdz",     "sdaa",     "sdab"};
  std::vector<std::string> names = expected;
  std::ranges::reverse(names);
  std::ranges::sort(names, device_less);
  BOOST_TEST(names == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(attributes_and_what_is_missing) {
  const test::TempDir dir;
  std::filesystem::create_directories(dir / "sys/real");
  test::write_file(dir / "sys/real/size", "1234\n");
  test::write_file(dir / "sys/real/name", "  A drive \n");
  std::filesystem::create_directory_symlink("real", dir / "sys/link");
  const SysTree tree(dir.path().string());
  BOOST_TEST(tree.number("/sys/link/size") == 1234u);
  BOOST_TEST(tree.number("/sys/link/name", 7) == 7u);
  BOOST_TEST(tree.number("/sys/none", 7) == 7u);
  BOOST_TEST(tree.text("/sys/real/name") == "A drive");
  BOOST_TEST(tree.raw("/sys/real/name") == "  A drive \n");
  BOOST_TEST(!tree.read("/sys/none").has_value());
  BOOST_TEST(tree.resolved("/sys/link/size") == "/sys/real/size");
  BOOST_TEST(tree.resolved("/sys/none") == "");
  BOOST_TEST(tree.names("/sys/none").empty());
  BOOST_TEST(tree.exists("/sys/link"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::sys
