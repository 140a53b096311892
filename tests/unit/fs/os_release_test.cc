#include "fs/os_release.h"

#include <boost/test/unit_test.hpp>

#include "unit/fs/fake_files.h"

namespace drydock::fs {

BOOST_AUTO_TEST_SUITE(fs_os_release)

BOOST_AUTO_TEST_CASE(takes_the_name_as_a_shell_would) {
  BOOST_TEST(system_name("ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n") ==
             "Debian GNU/Linux 13 (trixie)");
  BOOST_TEST(system_name("PRETTY_NAME='Arch Linux'") == "Arch Linux");
  BOOST_TEST(system_name("PRETTY_NAME=Void") == "Void");
  BOOST_TEST(system_name("  PRETTY_NAME=\"An \\\"odd\\\" \\$name\"  \r\n") == "An \"odd\" $name");
  BOOST_TEST(system_name("PRETTY_NAME='a\\b'") == "a\\b");
  BOOST_TEST(system_name("PRETTY_NAME=\"unfinished") == "unfinished");
  BOOST_TEST(system_name("PRETTY_NAME=\"first\"\nPRETTY_NAME=\"last\"") == "last");
}

BOOST_AUTO_TEST_CASE(without_a_pretty_name_takes_name_and_version) {
  BOOST_TEST(system_name("NAME=Alpine\nVERSION_ID=3.20\n") == "Alpine 3.20");
  BOOST_TEST(system_name("NAME=\"Alpine\"\nPRETTY_NAME=\"\"\n") == "Alpine");
  BOOST_TEST(system_name("# PRETTY_NAME=no\nID=x\n") == "");
  BOOST_TEST(system_name("") == "");
}

BOOST_AUTO_TEST_CASE(is_safe_to_show_and_not_long) {
  BOOST_TEST(system_name("PRETTY_NAME=\"\x1b[31mred\x07\"") == "?[31mred?");
  BOOST_TEST(system_name("PRETTY_NAME=\xff\xfe") == "??");
  const std::string longest = system_name("PRETTY_NAME=" + std::string(79, 'x') + "\u00e4\u00e4");
  BOOST_TEST(longest == std::string(79, 'x'));
}

BOOST_AUTO_TEST_CASE(is_found_behind_links_and_in_both_places) {
  const std::string text = "PRETTY_NAME=\"Debian 13\"\n";
  test::FakeFiles linked;
  linked.add_file("usr/lib/os-release", text);
  linked.add_link("etc/os-release", "../usr/lib/os-release");
  BOOST_TEST(linux_system(linked, linked.root().value()).value() == "Debian 13");
  test::FakeFiles only_usr;
  only_usr.add_file("usr/lib/os-release", text);
  BOOST_TEST(linux_system(only_usr, only_usr.root().value()).value() == "Debian 13");
  test::FakeFiles only_etc;
  only_etc.add_file("etc/os-release", text);
  BOOST_TEST(linux_system(only_etc, only_etc.root().value()).value() == "Debian 13");
  // A volume whose /usr is elsewhere, and one that has nothing of the kind.
  test::FakeFiles dangling;
  dangling.add_link("etc/os-release", "../usr/lib/os-release");
  BOOST_TEST(linux_system(dangling, dangling.root().value()).value() == "");
  test::FakeFiles empty;
  BOOST_TEST(linux_system(empty, empty.root().value()).value() == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
