// Machines that are not as they should be: each ends in the menu or in a sentence.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <format>
#include <nlohmann/json.hpp>

#include "support/console.h"
#include "support/fs_oracle.h"
#include "support/live_system.h"
#include "support/menu.h"
#include "support/process.h"
#include "support/round_trip.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

nlohmann::json listed(GuestShell& shell) {
  return nlohmann::json::parse(shell.must_run("imager list --json")).at("disks");
}

std::optional<std::string> why_not_here() {
  return why_not(pc_with_iso("", Firmware::kBios));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vm_surroundings)

BOOST_AUTO_TEST_CASE(no_drive_at_all) {
  if (const auto why = why_not_here()) return skip(*why);
  VmSpec spec = pc_with_iso("no-drive", Firmware::kBios);
  Vm vm(spec);
  wait_for_menu(vm);
  GuestShell shell = open_shell(vm);
  for (const auto& disk : listed(shell)) BOOST_TEST(disk.at("path") == "/dev/sr0");
}

BOOST_AUTO_TEST_CASE(sixty_drives_at_once) {
  if (const auto why = why_not_here()) return skip(*why);
  constexpr unsigned kDrives = 60;
  const TempDir dir("drydock-many");
  std::vector<VmDisk> disks;
  for (unsigned i = 0; i < kDrives; ++i) {
    const auto image = dir / std::format("{}", i);
    make_sparse(image, kMiB);
    disks.push_back({image, Bus::kVirtioScsi, std::format("DRIVE{:02}", i)});
  }
  Vm vm(pc_with_iso("sixty-drives", Firmware::kBios, disks));
  wait_for_menu(vm);
  SerialConsole(vm).wait_for("61 drives");  // and the one that it was booted from
  GuestShell shell = open_shell(vm);
  const auto all = listed(shell);
  for (const VmDisk& disk : disks)
    BOOST_TEST(std::ranges::count(all, disk.serial, [](const auto& one) {
                 return one.at("serial").template get<std::string>();
               }) == 1);
  for (const auto& one : all) BOOST_TEST(one.at("read_only") == true);
}

// A clone beside its original: same serial number (some USB bridges have but one), same
// filesystem UUIDs, same partition table.
BOOST_AUTO_TEST_CASE(two_drives_that_are_the_same) {
  if (const auto why = why_not_here()) return skip(*why);
  const TempDir dir("drydock-twins");
  make_store(dir / "one", 64 * kMiB);
  copy_sparse(dir / "one", dir / "two");
  const std::vector<VmDisk> disks{{dir / "one", Bus::kAhci, "TWIN"},
                                  {dir / "two", Bus::kAhci, "TWIN"}};
  const std::string before = sha256_sparse(dir / "one");
  {
    Vm vm(pc_with_iso("twins", Firmware::kBios, disks));
    wait_for_menu(vm);
    GuestShell shell = open_shell(vm);
    const auto all = listed(shell);
    BOOST_TEST(std::ranges::count(all, "TWIN", [](const auto& one) {
                 return one.at("serial").template get<std::string>();
               }) == 2);
    // The path tells them apart; the other one stays as it is.
    shell.must_run("imager save /dev/sda /run/twin.img.zst --progress none");
    shell.must_run("imager restore /run/twin.img.zst /dev/sdb --yes --progress none");
    BOOST_TEST(shell.must_run("blockdev --getro /dev/sda; blockdev --getro /dev/sdb") == "1\n1\n");
  }
  BOOST_TEST(sha256_sparse(dir / "one") == before);
}

// What cannot be read is told, listed in the image, and the exit status is 5.
BOOST_AUTO_TEST_CASE(a_drive_with_unreadable_sectors) {
  if (const auto why = why_not_here()) return skip(*why);
  const TempDir dir("drydock-unreadable");
  const std::vector<std::uint64_t> bad{4096, 9000};
  std::string expected = noise(1, 8 * kMiB);
  write_file(dir / "drive", expected);
  write_file(dir / "faults", unreadable_sectors(bad));
  make_sparse(dir / "out", 16 * kMiB);
  std::size_t length = 0;
  {
    Vm vm(pc_with_iso("unreadable", Firmware::kBios,
                      {{dir / "drive", Bus::kAhci, "DYING", 512, dir / "faults"},
                       {dir / "out", Bus::kVirtio, "OUT"}}));
    wait_for_menu(vm);
    GuestShell shell = open_shell(vm);
    const GuestOutcome saved =
        shell.run("imager save /dev/sda /run/dying.img.zst --progress none 2>&1");
    BOOST_TEST(saved.status == 5, saved.out);
    BOOST_TEST(saved.out.contains("could not be read"), saved.out);
    shell.must_run("imager verify /run/dying.img.zst --progress none");
    shell.must_run(
        "blockdev --setrw /dev/vda; dd if=/run/dying.img.zst of=/dev/vda bs=64k conv=fsync");
    length = std::stoul(shell.must_run("stat -c %s /run/dying.img.zst"));
  }
  for (const std::uint64_t sector : bad)
    std::ranges::fill(std::span(expected).subspan(sector * 512, 512), '\0');
  const std::string raw =
      must_run({.argv = {"zstd", "-dcq"}, .input = read_range(dir / "out", 0, length)});
  BOOST_TEST((raw == expected));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
