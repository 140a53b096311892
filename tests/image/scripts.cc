// The live system's scripts, run in a copy of its root with a made-up /sys and /dev.

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <boost/test/unit_test.hpp>

#include "support/built_image.h"
#include "support/files.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

class Root {
 public:
  Root() {
    const auto options =
        std::filesystem::copy_options::recursive | std::filesystem::copy_options::copy_symlinks;
    std::filesystem::copy(kRootfs, path_, options);
    // Notes what it is told instead of doing it.
    std::filesystem::remove(path_ / "usr/bin/blockdev");
    put("usr/bin/blockdev", "#!/bin/sh\necho \"$*\" >>/blockdev.log\n");
    std::filesystem::permissions(path_ / "usr/bin/blockdev", std::filesystem::perms(0755));
  }

  void put(const std::string& name, std::string_view contents) {
    std::filesystem::create_directories((path_ / name).parent_path());
    write_file(path_ / name, contents);
  }

  void link(const std::string& name, const std::string& target) {
    std::filesystem::create_symlink(target, path_ / name);
  }

  bool is_link(const std::string& name) const { return std::filesystem::is_symlink(path_ / name); }

  // A disk (or a partition of one) as the kernel shows it; `name` as below /dev.
  void add_block_device(const std::string& name, const std::string& disk = "") {
    auto kernel_name = name;
    std::ranges::replace(kernel_name, '/', '!');
    const auto device = "sys/devices/pci/block/" + (disk.empty() ? "" : disk + "/") + kernel_name;
    put(device + "/size", "2048\n");
    if (!disk.empty()) put(device + "/partition", "1\n");
    std::filesystem::create_directories(path_ / "sys/class/block");
    std::filesystem::create_directory_symlink("../../../" + device,
                                              path_ / "sys/class/block" / kernel_name);
    std::filesystem::create_directories((path_ / "dev" / name).parent_path());
    // The number of no driver: the script only looks at the kind of node.
    BOOST_REQUIRE(::mknod((path_ / "dev" / name).c_str(), S_IFBLK | 0600, makedev(0, 0)) == 0);
  }

  Outcome sh(const std::string& script) {
    return run({.argv = {"chroot", path_.path(), "/bin/sh", "-c", script},
                .env = {{"PATH", "/usr/bin:/usr/sbin"}}});
  }

  std::string blockdev_log() const {
    const auto log = path_ / "blockdev.log";
    return std::filesystem::exists(log) ? read_file(log) : "";
  }

 private:
  struct Home : TempDir {
    Home() : TempDir("live-root") {}
    std::filesystem::path operator/(std::string_view name) const { return path() / name; }
    operator std::filesystem::path() const { return path(); }
  } path_;
};

BOOST_AUTO_TEST_SUITE(image_scripts)

BOOST_AUTO_TEST_CASE(every_disk_and_partition_is_made_read_only) {
  if (const auto why = not_root()) return skip(*why);
  Root root;
  root.add_block_device("sda");
  root.add_block_device("sda1", "sda");
  root.add_block_device("cciss/c0d0");
  BOOST_TEST(root.sh("/usr/lib/drydock/readonly --all").ok());
  BOOST_TEST(root.blockdev_log() ==
             "--setro /dev/cciss/c0d0\n--setro /dev/sda\n--setro /dev/sda1\n");
}

BOOST_AUTO_TEST_CASE(one_device_is_made_read_only_by_name) {
  if (const auto why = not_root()) return skip(*why);
  Root root;
  root.add_block_device("sda");
  root.add_block_device("sdb");
  BOOST_TEST(root.sh("/usr/lib/drydock/readonly sdb").ok());
  BOOST_TEST(root.blockdev_log() == "--setro /dev/sdb\n");
}

BOOST_AUTO_TEST_CASE(an_empty_drive_is_no_error_and_a_refusal_is_one) {
  if (const auto why = not_root()) return skip(*why);
  Root root;
  root.add_block_device("sr0");
  root.put("usr/bin/blockdev",
           "#!/bin/sh\necho \"blockdev: can't open '$2': No medium found\" >&2\nexit 1\n");
  BOOST_TEST(root.sh("/usr/lib/drydock/readonly --all").ok());
  root.put("usr/bin/blockdev", "#!/bin/sh\necho \"blockdev: $2: Permission denied\" >&2\nexit 1\n");
  const auto refused = root.sh("/usr/lib/drydock/readonly --all");
  BOOST_TEST(refused.status == 1);
  BOOST_TEST(refused.err == "blockdev: /dev/sr0: Permission denied\n");
}

BOOST_AUTO_TEST_CASE(a_device_that_is_gone_already_is_no_error) {
  if (const auto why = not_root()) return skip(*why);
  Root root;
  BOOST_TEST(root.sh("/usr/lib/drydock/readonly sdz").ok());
  BOOST_TEST(root.blockdev_log() == "");
}

BOOST_AUTO_TEST_CASE(a_menu_runs_on_serial_ports_that_exist_only) {
  if (const auto why = not_root()) return skip(*why);
  Root root;
  root.put("sys/class/tty/console/active", "tty0 ttyS0 ttyS1 hvc0\n");
  root.put("sys/class/tty/ttyS0/type", "4\n");
  root.put("sys/class/tty/ttyS1/type", "0\n");
  BOOST_TEST(root.sh(". /usr/lib/drydock/consoles; consoles").out == "tty1\nttyS0\nhvc0\n");
  BOOST_TEST(root.sh(". /usr/lib/drydock/consoles; write_inittab /tab").ok());
  const auto tab = root.sh("cat /tab").out;
  BOOST_TEST(tab.find("tty1::respawn:/usr/lib/drydock/console tty1\n") != std::string::npos, tab);
  BOOST_TEST(tab.find("ttyS0::respawn:/usr/lib/drydock/console ttyS0\n") != std::string::npos, tab);
  BOOST_TEST(tab.find("ttyS1") == std::string::npos, tab);
  BOOST_TEST(tab.find("tty2::askfirst:-/usr/bin/sh\n") != std::string::npos, tab);
  BOOST_TEST(tab.find("::ctrlaltdel:/usr/bin/reboot\n") != std::string::npos, tab);
}

BOOST_AUTO_TEST_CASE(a_machine_without_a_console_list_still_gets_the_screen) {
  if (const auto why = not_root()) return skip(*why);
  Root root;
  BOOST_TEST(root.sh(". /usr/lib/drydock/consoles; consoles").out == "tty1\n");
}

// A script does as a program, but for the `#!`: it is told by which path it was started.
void put_packed(Root& root, const std::string& name, const std::string& program) {
  root.put("usr/lib/drydock/packed/" + name + ".xz",
           must_run({.argv = {"xz", "--check=crc32", "-c"}, .input = program}));
  root.link("usr/bin/" + name, "../lib/drydock/unpack");
}

BOOST_AUTO_TEST_CASE(a_packed_program_takes_its_place_when_it_is_first_used) {
  if (const auto why = not_root()) return skip(*why);
  Root root;
  put_packed(root, "greet", "#!/bin/sh\necho \"$0 says $1\"\nexit 3\n");
  root.link("usr/bin/welcome", "greet");
  for (const char* times : {"first", "second"}) {
    const auto said = root.sh("welcome 'good day'");
    BOOST_TEST(said.out == "/usr/bin/welcome says good day\n", times << said.describe());
    BOOST_TEST(said.status == 3, times);
  }
  BOOST_TEST(!root.is_link("usr/bin/greet"));
  BOOST_TEST(root.is_link("usr/bin/welcome"));
  BOOST_TEST(root.sh("greet hello").out == "/usr/bin/greet says hello\n");
}

BOOST_AUTO_TEST_CASE(a_packed_program_that_does_not_unpack_is_not_put_in_place) {
  if (const auto why = not_root()) return skip(*why);
  Root root;
  put_packed(root, "greet", "#!/bin/sh\necho hello\n");
  root.put("usr/lib/drydock/packed/greet.xz", "cut off");
  const auto broken = root.sh("greet");
  BOOST_TEST(broken.status == 126);
  BOOST_TEST(broken.out == "");
  BOOST_TEST(broken.err.contains("greet: not started"), broken.err);
  BOOST_TEST(root.is_link("usr/bin/greet"));
  BOOST_TEST(root.sh("ls -A /usr/bin | grep -c '^[.]'").out == "0\n");
  root.link("usr/bin/lost", "../lib/drydock/unpack");
  BOOST_TEST(root.sh("lost").status == 127);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace drydock::test
