#include "fs/registry.h"

#include <boost/test/unit_test.hpp>

#include "fs/windows_version.h"
#include "support/hive_maker.h"
#include "unit/fs/fake_files.h"

namespace drydock::fs {
namespace {

using test::hive_number;
using test::hive_text;
using test::HiveKey;
using test::make_hive;
using test::software_key;

constexpr std::string_view kPath = "Windows/System32/config/SOFTWARE";

// What is told of a Windows with this hive; nothing, too, where reading it fails.
std::string told(std::string hive, std::string_view path = kPath) {
  test::FakeFiles files;
  files.add_file(path, std::move(hive));
  return windows_system(files, files.root().value()).value_or("");
}

std::string told_of(std::vector<test::HiveValue> values) {
  return told(make_hive(software_key(std::move(values))));
}

const std::vector<test::HiveValue>& eleven() {
  static const std::vector<test::HiveValue> values{
      hive_text("ProductName", "Windows 10 Pro"), hive_text("CurrentBuild", "22631"),
      hive_text("DisplayVersion", "23H2"), hive_text("ReleaseId", "2009"),
      hive_number("UBR", 2861)};
  return values;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fs_registry)

BOOST_AUTO_TEST_CASE(names_the_windows_that_is_installed) {
  BOOST_TEST(told_of(eleven()) == "Windows 11 Pro 23H2 (build 22631.2861)");
  BOOST_TEST(told_of({hive_text("ProductName", "Windows 10 Home"),
                      hive_text("CurrentBuild", "19045"), hive_text("DisplayVersion", "22H2"),
                      hive_number("UBR", 3803)}) == "Windows 10 Home 22H2 (build 19045.3803)");
  BOOST_TEST(told_of({hive_text("ProductName", "Windows 10 Pro"),
                      hive_text("CurrentBuild", "18363"), hive_text("ReleaseId", "1909")}) ==
             "Windows 10 Pro 1909 (build 18363)");
  BOOST_TEST(told_of({hive_text("ProductName", "Windows Server 2025 Standard"),
                      hive_text("CurrentBuild", "26100"), hive_text("DisplayVersion", "24H2")}) ==
             "Windows Server 2025 Standard 24H2 (build 26100)");
  BOOST_TEST(told_of({hive_text("ProductName", "Windows 7 Professional"),
                      hive_text("CurrentBuildNumber", "7601"),
                      hive_text("CSDVersion", "Service Pack 1")}) ==
             "Windows 7 Professional Service Pack 1 (build 7601)");
  BOOST_TEST(told_of({hive_text("ProductName", "Windows 9")}) == "Windows 9");
  BOOST_TEST(told_of({hive_text("CurrentBuild", "9")}) == "");
  BOOST_TEST(told_of({}) == "");
}

BOOST_AUTO_TEST_CASE(looks_where_windows_was_before) {
  const std::string hive = make_hive(software_key({hive_text("ProductName", "Windows 2000")}));
  BOOST_TEST(told(hive, "WINNT/system32/config/software") == "Windows 2000");
  BOOST_TEST(told(hive, "Linux/SOFTWARE") == "");
}

BOOST_AUTO_TEST_CASE(reads_every_kind_of_list_and_name) {
  for (const std::string_view list : {"lh", "lf", "li", "ri"}) {
    for (const bool wide : {false, true}) {
      HiveKey root = software_key(eleven());
      for (HiveKey* key :
           {&root, &root.keys[1], &root.keys[1].keys[1], root.keys[1].keys[1].keys.data()}) {
        key->list = list;
        key->wide = wide;
      }
      BOOST_TEST(told(make_hive(root)) == "Windows 11 Pro 23H2 (build 22631.2861)", list);
    }
  }
}

BOOST_AUTO_TEST_CASE(is_safe_to_show_and_not_long) {
  BOOST_TEST(told_of({hive_text("ProductName", "Win\x1b[31m")}) == "Win?[31m");
  BOOST_TEST(told_of({hive_text("ProductName", std::string(300, 'x'))}) == std::string(80, 'x'));
  // Not text, and not a number.
  BOOST_TEST(told_of({hive_number("ProductName", 5)}) == "");
  BOOST_TEST(told_of({hive_text("ProductName", "Windows"), hive_text("CurrentBuild", "1"),
                      hive_text("UBR", "2")}) == "Windows (build 1)");
}

BOOST_AUTO_TEST_CASE(a_hive_in_use_is_read_and_a_damaged_one_is_not) {
  const std::string good = make_hive(software_key(eleven()));
  const auto changed = [&](std::size_t at, char value) {
    std::string hive = good;
    hive[at] = value;
    test::seal_hive(hive);
    return told(hive);
  };
  BOOST_TEST(changed(4, 9) != "");  // sequence numbers that differ
  BOOST_TEST(changed(0, 'X') == "");
  BOOST_TEST(changed(20, 2) == "");
  BOOST_TEST(changed(24, 7) == "");
  BOOST_TEST(changed(28, 1) == "");
  BOOST_TEST(changed(39, 0x7F) == "");
  BOOST_TEST(changed(42, 0x7F) == "");
  std::string unsealed = good;
  unsealed[100] ^= 1;
  BOOST_TEST(told(unsealed) == "");
  for (const std::size_t length : {std::size_t{0}, std::size_t{511}, std::size_t{4096}})
    BOOST_TEST(told(good.substr(0, length)) == "");
}

BOOST_AUTO_TEST_CASE(any_damage_ends) {
  const std::string good = make_hive(software_key(eleven()));
  for (std::size_t at = 4096; at < good.size(); ++at) {
    for (const char value : {'\0', '\x7F', '\xFF'}) {
      std::string hive = good;
      hive[at] = value;
      told(std::move(hive));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::fs
