// What the kernel command line asks for is done without a person, told on every console, and its
// report lies beside the image. Nothing of it happens by itself.
#include <boost/test/unit_test.hpp>

#include "support/files.h"
#include "support/live_system.h"
#include "support/needs.h"
#include "support/process.h"
#include "support/share_server.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kDiskBytes = 24 << 20;

// A disk with something on it that is no filesystem.
void make_disk(const fs::path& disk) {
  make_sparse(disk, kDiskBytes);
  write_range(disk, 3 << 20, std::string(1 << 20, 'd'));
}

void make_fat(const fs::path& volume, const std::string& label) {
  make_sparse(volume, 64 << 20);
  must_run({.argv = {"mkfs.fat", "-F", "32", "-n", label, volume}});
}

std::string files_in(const fs::path& volume) {
  return must_run({.argv = {"mdir", "-b", "-i", volume, "::/"}});
}

std::string file_in(const fs::path& volume, const std::string& name) {
  return must_run({.argv = {"mtype", "-i", volume, "::/" + name}});
}

std::string line_with(const std::string& text, std::string_view part) {
  const auto at = text.find(part);
  if (at == std::string::npos) return {};
  const auto begin = text.rfind('\n', at) + 1;
  return text.substr(begin, text.find_first_of("\r\n", at) - begin);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vm_unattended)

BOOST_AUTO_TEST_CASE(a_file_of_options_saves_verifies_and_powers_off) {
  if (const auto why = missing_programs({"mkfs.fat", "mcopy", "mdir", "mtype"})) return skip(*why);
  const TempDir dir;
  make_disk(dir / "disk");
  make_fat(dir / "store", "STORE");
  make_fat(dir / "options", "DRYDOCK");
  write_file(dir / "save.conf",
             "# nightly\r\n"
             "run=save /dev/vda volume://STORE/pc.img.zst --note 'two words'\r\n"
             "run=verify volume://STORE/pc.img.zst\r\n"
             "on-done=poweroff\r\n");
  must_run({.argv = {"mcopy", "-i", dir / "options", dir / "save.conf", "::/save.conf"}});
  const VmSpec spec =
      pc_with_iso("unattended-config", Firmware::kBios,
                  {{dir / "disk"}, {dir / "store", Bus::kUsb}, {dir / "options", Bus::kUsb}});
  if (const auto why = why_not(spec)) return skip(*why);
  const std::string untouched = sha256_sparse(dir / "disk"),
                    options = sha256_sparse(dir / "options");
  {
    Vm vm(spec);
    boot_with(vm, "drydock.config=save.conf");
    vm.wait_for_vga("imager verify volume://STORE/pc.img.zst");
    vm.wait_for_serial("All was done.");
    vm.wait_until_off();
  }
  BOOST_TEST(sha256_sparse(dir / "disk") == untouched);
  BOOST_TEST(sha256_sparse(dir / "options") == options);
  const std::string names = files_in(dir / "store");
  BOOST_TEST(names.contains("pc.img.zst"), names);
  const std::string saved = line_with(names, "pc.img.zst.save-");
  const std::string verified = line_with(names, "pc.img.zst.verify-");
  BOOST_REQUIRE(!saved.empty());
  BOOST_REQUIRE(!verified.empty());
  const std::string report = file_in(dir / "store", saved.substr(saved.rfind('/') + 1));
  BOOST_TEST(report.contains("Reads: "), report);
  BOOST_TEST(report.contains("--note 'two words'"), report);
  BOOST_TEST(!report.contains("Failed"), report);
}

BOOST_AUTO_TEST_CASE(a_failure_stays_on_the_screen_and_keeps_the_rest_from_running) {
  const TempDir dir;
  make_disk(dir / "disk");
  const VmSpec spec = pc_with_iso("unattended-failure", Firmware::kBios, {{dir / "disk"}});
  if (const auto why = why_not(spec)) return skip(*why);
  Vm vm(spec);
  boot_with(
      vm,
      "drydock.run=\"save /dev/vda volume://NOWHERE/pc.img.zst; list\" drydock.on-done=reboot "
      "drydock.keymap=de");
  vm.wait_for_vga("is neither the label nor the UUID nor the name of a volume");
  vm.wait_for_vga("It failed with status 1; what comes after it was not run.");
  vm.wait_for_vga("Enter goes on to the menu.");
  vm.wait_for_serial("It failed with status 1");
  vm.screenshot("failed");
  vm.vga_press("ret");
  vm.wait_for_vga("What would you like to do?");
  // On a German keyboard Y is where Z is on an American one.
  vm.vga_press("t");
  vm.wait_for_vga("drydock:~#");
  vm.vga_type("echo z1");
  vm.wait_for_vga("echo y1");
  vm.serial_press("ret");
  vm.wait_for_serial("What would you like to do?");
  // Loaders move the quotes; both forms are one value.
  GuestShell shell = open_shell(vm);
  shell.must_run(
      "printf '%s\\n' 'quiet drydock.run=\"a b; c\" \"drydock.on-done=x y\" drydock.runs=no' "
      ">/tmp/c; "
      "mount --bind /tmp/c /proc/cmdline");
  BOOST_TEST(shell.must_run("/usr/lib/drydock/option run") == "a b; c\n");
  BOOST_TEST(shell.must_run("/usr/lib/drydock/option on-done") == "x y\n");
  BOOST_TEST(shell.run("/usr/lib/drydock/option keymap").status == 1);
}

BOOST_AUTO_TEST_CASE(only_the_owner_of_the_key_comes_in) {
  if (const auto why = missing_programs({"dbclient", "dropbearkey"})) return skip(*why);
  const TempDir dir;
  const auto make_key = [&](const char* name) {
    return line_with(must_run({.argv = {"dropbearkey", "-t", "ed25519", "-f", dir / name}}),
                     "ssh-ed25519 ");
  };
  const std::string key = make_key("owner");
  make_key("other");
  VmSpec spec = pc_with_iso("unattended-ssh", Firmware::kBios, {});
  spec.nic = VmNic{.ssh_port = free_port()};
  if (const auto why = why_not(spec)) return skip(*why);
  Vm vm(spec);
  boot_with(vm, "\"drydock.ssh-key=" + key.substr(0, key.rfind(' ')) + "\"");
  vm.wait_for_serial("What would you like to do?");
  GuestShell shell = open_shell(vm);
  shell.must_run("for i in $(seq 60); do ip addr | grep -qF 10.0.2.15 && break; sleep 1; done");
  const auto come_in = [&](const char* name) {
    return run({.argv = {"dbclient", "-y", "-y", "-T", "-i", dir / name, "-p",
                         std::to_string(spec.nic->ssh_port), "-o", "BatchMode=yes",
                         "root@127.0.0.1", "imager --version"}});
  };
  const Outcome owner = come_in("owner");
  BOOST_TEST(owner.status == 0, owner.err);
  BOOST_TEST(owner.out.contains("drydock"), owner.out);
  BOOST_TEST(come_in("other").status != 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
