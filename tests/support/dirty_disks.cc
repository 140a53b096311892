#include "support/dirty_disks.h"

#include "support/files.h"
#include "support/live_system.h"
#include "support/process.h"

namespace drydock::test {
namespace {

constexpr std::uint64_t kDiskSize = std::uint64_t{512} << 20;

// Writable on purpose: here the live system plays the part of the one that crashed.
std::string mount_writable(const std::string& device, const std::string& type) {
  return "blockdev --setrw /dev/" + device + " && mkdir -p /mnt/" + device + " && modprobe " +
         type + "; mount -t " + type + " /dev/" + device + " /mnt/" + device;
}

// Files that are there, files that were replaced, and something on its way when the power went.
std::string write_to(const std::string& device) {
  const std::string top = "/mnt/" + device;
  return "cp -r /usr/lib/drydock " + top + "/kept && sync && cp -r /etc " + top +
         "/late && rm -r " + top + "/kept && fsync " + top + "/late/profile";
}

}  // namespace

std::optional<std::string> why_no_dirty_disks() {
  for (const char* tool :
       {"mkfs.ext4", "dumpe2fs", "mkfs.xfs", "xfs_logprint", "mkfs.btrfs", "btrfs"}) {
    if (!have_program(tool)) return std::string(tool) + " is not installed";
  }
  return std::nullopt;
}

std::vector<VmDisk> make_dirty_disks(const std::filesystem::path& folder) {
  const std::vector<VmDisk> disks{{folder / "ext4.img", Bus::kVirtio, "DIRTYEXT4"},
                                  {folder / "xfs.img", Bus::kNvme, "DIRTYXFS"},
                                  {folder / "btrfs.img", Bus::kAhci, "DIRTYBTRFS"}};
  for (const auto& disk : disks) make_sparse(disk.image, kDiskSize);
  must_run({.argv = {"mkfs.ext4", "-q", disks[0].image.string()}});
  must_run({.argv = {"mkfs.xfs", "-q", disks[1].image.string()}});
  must_run({.argv = {"mkfs.btrfs", "-q", disks[2].image.string()}});

  Vm vm(pc_with_iso("power-cut", Firmware::kBios, disks));
  wait_for_menu(vm);
  GuestShell shell = open_shell(vm);
  const std::pair<const char*, const char*> mounts[] = {
      {"vda", "ext4"}, {"nvme0n1", "xfs"}, {"sda", "btrfs"}};
  for (const auto& [device, type] : mounts) {
    shell.must_run(mount_writable(device, type));
    shell.must_run(write_to(device));
  }
  vm.pull_the_plug();
  return disks;
}

bool ext4_is_dirty(const std::filesystem::path& disk) {
  return must_run({.argv = {"dumpe2fs", "-h", disk.string()}}).contains("needs_recovery");
}

bool xfs_is_dirty(const std::filesystem::path& disk) {
  // It says so in as many words: "log state: <DIRTY>".
  return must_run({.argv = {"xfs_logprint", "-t", disk.string()}}).contains("<DIRTY>");
}

bool btrfs_is_dirty(const std::filesystem::path& disk) {
  const std::string super =
      must_run({.argv = {"btrfs", "inspect-internal", "dump-super", disk.string()}});
  const auto at = super.find("\nlog_root\t");
  return at != std::string::npos && std::stoull(super.substr(at + 10)) != 0;
}

}  // namespace drydock::test
