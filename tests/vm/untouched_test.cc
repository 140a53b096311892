// Promise 1: whatever is done with a machine short of a confirmed plan leaves every byte of its
// disks as it was.
#include <boost/test/unit_test.hpp>
#include <map>

#include "support/console.h"
#include "support/dirty_disks.h"
#include "support/files.h"
#include "support/live_system.h"
#include "support/menu.h"
#include "support/process.h"
#include "support/round_trip.h"
#include "support/sample_disk.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

// An MBR stick with a FAT32 volume: what firmware, boot loaders and desktops like to leave marks
// on.
void make_stick(const std::filesystem::path& stick) {
  make_sparse(stick, 2048 * kMiB);
  must_run({.argv = {"sfdisk", "-q", stick.string()}, .input = "label: dos\nstart=1MiB, type=c\n"});
  must_run({.argv = {"mkfs.fat", "--offset", "2048", "-F", "32", "-s", "8", "-n", "STICK",
                     stick.string(), "2096128"}});
  must_run({.argv = {"mcopy", "-i", stick.string() + "@@1048576", "LICENSE", "::/"}});
}

struct Attached {
  TempDir folder{"drydock-untouched"};
  std::vector<VmDisk> disks;

  Attached() : disks(make_dirty_disks(folder.path())) {
    make_stick(folder / "stick.img");
    disks.push_back({folder / "stick.img", Bus::kUsb, "STICK"});
    if (!sample_disk().missing) {
      copy_sample_disk(folder / "sample.img");
      disks.push_back({folder / "sample.img", Bus::kVirtio, "SAMPLE"});
    }
  }

  std::map<std::string, std::string> digests() const {
    std::map<std::string, std::string> all;
    for (const auto& disk : disks) all[disk.image.filename().string()] = sha256_sparse(disk.image);
    return all;
  }
};

// Made once for the cases below: none of them may change anything, so all can share them.
const Attached& attached() {
  static const Attached disks;
  return disks;
}

std::optional<std::string> why_not_here(const VmSpec& spec) {
  if (auto why = why_not(spec)) return why;
  return why_no_dirty_disks();
}

void check_unchanged(const std::map<std::string, std::string>& before) {
  for (const auto& [name, digest] : attached().digests())
    BOOST_TEST(digest == before.at(name), name << " has changed");
}

const std::vector<std::string> kDevices{"/dev/vda", "/dev/vdb", "/dev/nvme0n1", "/dev/sda",
                                        "/dev/sdb"};

}  // namespace

BOOST_AUTO_TEST_SUITE(vm_untouched)

BOOST_AUTO_TEST_CASE(the_disks_do_have_dirty_journals) {
  if (const auto why = why_not_here(pc_with_iso("", Firmware::kBios))) return skip(*why);
  BOOST_TEST(ext4_is_dirty(attached().folder / "ext4.img"));
  BOOST_TEST(xfs_is_dirty(attached().folder / "xfs.img"));
  BOOST_TEST(btrfs_is_dirty(attached().folder / "btrfs.img"));
}

BOOST_AUTO_TEST_CASE(booting_listing_and_inspecting_with_bios) {
  if (const auto why = why_not_here(pc_with_iso("", Firmware::kBios))) return skip(*why);
  const auto before = attached().digests();
  {
    Vm vm(pc_with_iso("untouched-bios", Firmware::kBios, attached().disks));
    wait_for_menu(vm);
    GuestShell shell = open_shell(vm);
    const std::string list = shell.must_run("imager list");
    for (const auto& disk : attached().disks) BOOST_TEST(list.contains(disk.serial), list);
    for (const auto& device : kDevices) shell.must_run("imager inspect " + device);
    close_shell(vm);
    power_off(vm);
  }
  check_unchanged(before);
}

// Through the menu, up to the last question before a save: the volume for the image has been
// opened, too.
BOOST_AUTO_TEST_CASE(going_through_the_menu_with_uefi) {
  if (sample_disk().missing) return skip(*sample_disk().missing);
  if (const auto why = why_not_here(pc_with_iso("", Firmware::kUefi))) return skip(*why);
  const auto spec = pc_with_iso("untouched-uefi", Firmware::kUefi, attached().disks);
  const auto before = attached().digests();
  {
    Vm vm(spec);
    wait_for_menu(vm);
    SerialConsole console(vm);
    Menu menu(console);
    menu.prepare_save("SAMPLE", "/dev/sdb1");
    menu.go_home();
    menu.power_off();
  }
  check_unchanged(before);
}

// The kernel refuses, whatever a person types in a shell without thinking.
BOOST_AUTO_TEST_CASE(a_careless_person_in_the_shell) {
  if (const auto why = why_not_here(pc_with_iso("", Firmware::kBios))) return skip(*why);
  const auto spec = pc_with_iso("untouched-careless", Firmware::kBios, attached().disks);
  const auto before = attached().digests();
  {
    Vm vm(spec);
    wait_for_menu(vm);
    GuestShell shell = open_shell(vm);
    for (const auto& device : kDevices) {
      BOOST_TEST(shell.must_run("blockdev --getro " + device) == "1\n", device);
      BOOST_TEST(
          shell.run("dd if=/dev/zero of=" + device + " bs=64k count=1 conv=fsync").status != 0,
          device);
      shell.run("mount " + device + " /mnt && umount /mnt");
      shell.run("mount -o rw " + device + "1 /mnt && umount /mnt");
    }
    vm.pull_the_plug();
  }
  check_unchanged(before);
}

// A drive that comes later is protected like one that was there at the start.
BOOST_AUTO_TEST_CASE(a_drive_plugged_in_later) {
  if (const auto why = why_not(pc_with_iso("", Firmware::kBios))) return skip(*why);
  const TempDir dir("drydock-untouched");
  const VmDisk there{dir / "there.img", Bus::kUsb, "THERE"},
      late{dir / "late.img", Bus::kUsb, "LATE"};
  for (const auto& disk : {there, late}) {
    make_sparse(disk.image, 64 * kMiB);
    must_run({.argv = {"mkfs.ext4", "-q", disk.image.string()}});
  }
  const std::string before = sha256(late.image);
  {
    Vm vm(pc_with_iso("untouched-late", Firmware::kBios, {there}));
    wait_for_menu(vm);
    vm.plug_in(late);
    SerialConsole(vm).wait_for("LATE");  // the menu shows it by itself
    GuestShell shell = open_shell(vm);
    BOOST_TEST(shell.must_run("blockdev --getro /dev/sdb") == "1\n");
    BOOST_TEST(shell.run("dd if=/dev/zero of=/dev/sdb bs=64k count=1 conv=fsync").status != 0);
    close_shell(vm);
    power_off(vm);
  }
  BOOST_TEST(sha256(late.image) == before);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
