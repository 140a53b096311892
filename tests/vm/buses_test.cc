// Every kind of controller: its drive is listed with model, serial number and size, is read-only,
// and is saved byte for byte.
#include <boost/test/unit_test.hpp>
#include <format>
#include <nlohmann/json.hpp>

#include "support/console.h"
#include "support/fs_oracle.h"
#include "support/live_system.h"
#include "support/process.h"
#include "support/round_trip.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;
constexpr std::uint64_t kDisk = 4 * kMiB;  // an SD card's size must be a power of two

struct Row {
  const char* name;
  Bus bus;
  unsigned sector = 512;
};

// In one machine, as all of them can live side by side.
constexpr Row kRows[] = {
    {"virtio", Bus::kVirtio},
    {"virtio4kn", Bus::kVirtio, 4096},
    {"ahci", Bus::kAhci},
    {"nvme", Bus::kNvme},
    {"nvme4kn", Bus::kNvme, 4096},
    {"ide", Bus::kIde},
    {"vscsi", Bus::kVirtioScsi},
    {"vscsi4kn", Bus::kVirtioScsi, 4096},
    {"lsi", Bus::kLsi},
    {"megasas", Bus::kMegasas},
    {"xhci", Bus::kUsb},
    {"ehci", Bus::kUsbEhci},
    {"uhci", Bus::kUsbUhci},
    {"sdcard", Bus::kSdCard},
};

nlohmann::json disk_of(const nlohmann::json& listed, const Row& row, std::uint64_t bytes) {
  for (const auto& disk : listed.at("disks")) {
    // The SD card has no serial number of ours, and is the only one on its bus.
    const bool match =
        row.bus == Bus::kSdCard ? disk.at("path") == "/dev/mmcblk0" : disk.at("serial") == row.name;
    if (match) {
      BOOST_TEST(disk.at("bytes") == bytes);
      return disk;
    }
  }
  return nullptr;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vm_buses)

BOOST_AUTO_TEST_CASE(every_drive_is_listed_and_saved) {
  if (const auto why = why_not(pc_with_iso("", Firmware::kBios))) return skip(*why);
  const TempDir dir("drydock-buses");
  make_store(dir / "store", 200 * kMiB);
  std::vector<VmDisk> disks{{dir / "store", Bus::kVirtio, "STORE"}};
  for (const Row& row : kRows) {
    write_file(dir / row.name, noise(disks.size(), kDisk));
    disks.push_back({dir / row.name, row.bus, row.bus == Bus::kSdCard ? "" : row.name, row.sector});
  }
  {
    Vm vm(pc_with_iso("buses", Firmware::kBios, disks));
    wait_for_menu(vm);
    GuestShell shell = open_shell(vm);
    const auto listed = nlohmann::json::parse(shell.must_run("imager list --json"));
    shell.must_run("blockdev --setrw /dev/vda; blockdev --setrw /dev/vda1; mount /dev/vda1 /mnt");
    for (const Row& row : kRows) {
      BOOST_TEST_CONTEXT(row.name) {
        const auto disk = disk_of(listed, row, kDisk);
        BOOST_REQUIRE(!disk.is_null());
        BOOST_TEST(disk.at("logical_sector") == row.sector);
        BOOST_TEST(disk.at("read_only") == true);
        BOOST_TEST(disk.at("controller") != "");
        shell.must_run(std::format("imager save {} /mnt/{}.img.zst --progress none",
                                   disk.at("path").get<std::string>(), row.name));
      }
    }
    shell.must_run("umount /mnt");
  }
  const Range volume{kMiB, 198 * kMiB};
  for (const Row& row : kRows) {
    write_file(dir / "volume", read_range(dir / "store", volume.offset, volume.size));
    const std::string image = std::format("{}.img.zst", row.name);
    must_run({.argv = {"debugfs", "-R", std::format("dump {} {}", image, (dir / image).string()),
                       dir / "volume"}});
    const std::string raw = must_run({.argv = {"zstd", "-dcq", dir / image}});
    BOOST_TEST((raw == read_file(dir / row.name)), row.name);
  }
}

BOOST_AUTO_TEST_CASE(a_drive_that_is_pulled_out_leaves_the_list) {
  if (const auto why = why_not(pc_with_iso("", Firmware::kBios))) return skip(*why);
  const TempDir dir("drydock-buses");
  for (const char* name : {"stays", "leaves"}) write_file(dir / name, noise(1, kDisk));
  Vm vm(pc_with_iso("buses-hotplug", Firmware::kBios, {{dir / "stays", Bus::kUsb, "STAYS"}}));
  wait_for_menu(vm);
  vm.plug_in({dir / "leaves", Bus::kUsb, "LEAVES"});
  SerialConsole console(vm);
  console.wait_for("LEAVES");
  vm.pull_out();
  vm.wait_until("the drive to leave the list", [&] { return !console.shows("LEAVES"); });
  BOOST_TEST(console.shows("STAYS"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
