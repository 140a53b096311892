// Nothing in the live system touches a drive, the clock or the network by itself. What really
// happens at boot is proved by the tests in tests/vm; these find a line that would break it as soon
// as it is written.

#include <boost/test/unit_test.hpp>
#include <regex>

#include "support/built_image.h"

namespace drydock::test {
namespace {

// Our own scripts and settings, without comments.
std::vector<std::pair<std::string, std::string>> own_lines() {
  std::vector<std::pair<std::string, std::string>> result;
  for (const auto& entry : initramfs()) {
    const bool ours = entry.path == "init" || entry.path.starts_with("usr/lib/drydock/") ||
                      (entry.path.starts_with("etc/") && entry.path != "etc/drydock/sbom.json");
    if (!entry.is_file() || !ours) continue;
    for (const auto& line : lines(entry.data))
      if (!std::regex_search(line, std::regex("^\\s*#"))) result.emplace_back(entry.path, line);
  }
  return result;
}

constexpr const char* kCheckMedium = "usr/lib/drydock/check-medium";
constexpr const char* kUnattended = "usr/lib/drydock/unattended";
constexpr const char* kRemote = "usr/lib/drydock/remote";

void mounts_once_and_only_to_read(const std::string& script) {
  unsigned mounts = 0;
  for (const auto& line : lines(script)) {
    if (!std::regex_search(line, std::regex("\\bmount\\s"))) continue;
    BOOST_TEST(line.contains("mount -t $type -o ro "), line);
    ++mounts;
  }
  BOOST_TEST(mounts == 1u);
}

BOOST_AUTO_TEST_SUITE(image_untouched)

BOOST_AUTO_TEST_CASE(nothing_starts_by_itself_that_writes_or_listens) {
  const std::regex forbidden(
      "\\b(swapon|mdadm|lvm|vgchange|vgscan|dmsetup|cryptsetup|fsck[.a-z0-9]*|e2fsck|ntfsfix|"
      "hwclock|resume|"
      "mount +-a|fstab|automount|telnetd|inetd|sshd|dropbear|httpd|ftpd|nfsd|syslogd -R)\\b");
  for (const auto& [path, line] : own_lines())
    if (path != kRemote) BOOST_TEST(!std::regex_search(line, forbidden), path << ": " << line);
}

// Only with the option, only for its key, only after that was looked at.
BOOST_AUTO_TEST_CASE(nobody_comes_in_unless_the_boot_parameters_name_a_key) {
  const std::string& script = find_entry(kRemote)->data;
  const auto choice = script.find("key=$(/usr/lib/drydock/option ssh-key) || exit 0\n");
  BOOST_REQUIRE(choice != std::string::npos);
  BOOST_TEST(script.find("dropbear") > choice);
  BOOST_TEST(script.contains("\ndropbear -s "));
}

BOOST_AUTO_TEST_CASE(init_mounts_memory_and_kernel_filesystems_only) {
  const std::regex mount("\\bmount\\s+(.*)");
  const std::regex harmless("-t (proc|sysfs|devtmpfs|devpts|tmpfs) ");
  for (const auto& [path, line] : own_lines()) {
    if (path == kCheckMedium || path == kUnattended) continue;  // the cases below
    std::smatch found;
    if (std::regex_search(line, found, mount))
      BOOST_TEST(std::regex_search(line, harmless), path << ": " << line);
  }
}

// Only where the person chose that in the boot menu, only read-only, and only filesystems without a
// journal that mounting could replay.
BOOST_AUTO_TEST_CASE(the_medium_is_mounted_by_choice_and_only_to_read_it) {
  const std::string& script = find_entry(kCheckMedium)->data;
  mounts_once_and_only_to_read(script);
  BOOST_TEST(script.contains("for type in iso9660 vfat; do"));
  const std::string& init = find_entry("init")->data;
  const auto choice = init.find("grep -qw drydock.check-medium /proc/cmdline || return 0\n");
  BOOST_REQUIRE(choice != std::string::npos);
  BOOST_TEST(init.find(kCheckMedium) > choice);
}

BOOST_AUTO_TEST_CASE(a_file_with_options_is_only_read_and_only_where_one_is_named) {
  const std::string& script = find_entry(kUnattended)->data;
  mounts_once_and_only_to_read(script);
  BOOST_TEST(script.contains("for type in vfat exfat iso9660; do"));
  BOOST_TEST(script.contains("if where=$(option config | tail -n 1) && [ -n \"$where\" ]; then"));
}

// All names, when they appear and when their medium changes ('@' would leave that out).
BOOST_AUTO_TEST_CASE(every_block_device_becomes_read_only) {
  const auto* rules = find_entry("etc/mdev.conf");
  BOOST_REQUIRE(rules != nullptr);
  bool found = false;
  for (const auto& line : lines(rules->data)) {
    if (!line.starts_with("SUBSYSTEM=block;")) continue;
    BOOST_TEST(line ==
               "SUBSYSTEM=block;.* root:root 660 *case $ACTION$DISK_MEDIA_CHANGE in add*|change1) "
               "/usr/lib/drydock/readonly \"$MDEV\" ;; esac");
    found = true;
    break;
  }
  BOOST_TEST(found);
}

// The rule is only as good as its place: an earlier line that matches a block device without '-'
// would hide it.
BOOST_AUTO_TEST_CASE(no_rule_hides_the_read_only_rule) {
  for (const auto& line : lines(find_entry("etc/mdev.conf")->data)) {
    if (line.starts_with("SUBSYSTEM=block;")) break;
    if (line.empty() || line.starts_with("#")) continue;
    BOOST_TEST(line.starts_with("-"), line);
  }
}

BOOST_AUTO_TEST_CASE(hotplug_runs_before_any_driver_is_loaded) {
  const auto& init = find_entry("init")->data;
  const auto hotplug = init.rfind("start_hotplug"), coldplug = init.rfind("load_drivers");
  BOOST_REQUIRE(hotplug != std::string::npos);
  BOOST_REQUIRE(coldplug != std::string::npos);
  BOOST_TEST(hotplug < coldplug);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::test
