#include "sys/disks.h"

#include <array>
#include <bit>

#include "sys/block_tree.h"
#include "sys/identity.h"
#include "sys/in_use.h"

namespace drydock::sys {
namespace {

// The kernel counts in this unit whatever the drive's sectors are.
constexpr std::uint64_t kSysfsSector = 512;

bool is_memory(const std::string& name) {
  return name.starts_with("ram") || name.starts_with("zram") || name.starts_with("mtdblock");
}

// Kinds whose unused devices exist all the time and mean nothing.
bool is_idle(const SysTree& tree, const std::string& name, std::uint64_t sectors) {
  if (name.starts_with("loop")) return !tree.exists(sysfs_folder(name) + "/loop/backing_file");
  constexpr std::array<std::string_view, 4> kMade = {"nbd", "dm-", "md", "bcache"};
  for (const std::string_view prefix : kMade)
    if (name.starts_with(prefix)) return sectors == 0;
  return false;
}

std::uint32_t sector_size(const SysTree& tree, const std::string& attribute,
                          std::uint32_t otherwise) {
  const std::uint64_t size = tree.number(attribute, otherwise);
  const bool sane = size >= 512 && size <= (1U << 20) && std::has_single_bit(size);
  return sane ? static_cast<std::uint32_t>(size) : otherwise;
}

Disk describe(const SysTree& tree, const std::string& name, const Uses& uses) {
  const std::string folder = sysfs_folder(name);
  const std::uint64_t sectors = tree.number(folder + "/size");
  Disk disk;
  disk.path = device_path(name);
  disk.id = read_identity(tree, name);
  disk.medium_present = medium_present(tree, name);
  disk.geometry.bytes = disk.medium_present ? sectors * kSysfsSector : 0;
  disk.geometry.logical_sector = sector_size(tree, folder + "/queue/logical_block_size", 512);
  disk.geometry.physical_sector =
      sector_size(tree, folder + "/queue/physical_block_size", disk.geometry.logical_sector);
  disk.removable =
      tree.number(folder + "/removable") != 0 || disk.id.bus == "USB" || disk.id.bus == "SD";
  disk.rotational = tree.number(folder + "/queue/rotational") != 0;
  disk.read_only = tree.number(folder + "/ro") != 0;
  disk.controller = controller_of(tree, name);
  disk.in_use = uses.reasons(name);
  return disk;
}

}  // namespace

bool medium_present(const SysTree& tree, const std::string& disk) {
  const std::uint64_t sectors = tree.number(sysfs_folder(disk) + "/size");
  // An empty optical drive claims a size that is no multiple of its 2048 byte sectors, an empty
  // floppy drive 4 KiB (the kernel's placeholders).
  if (disk.starts_with("sr")) return sectors != 0 && sectors % 4 == 0;
  if (disk.starts_with("fd")) return sectors > 8;
  return sectors != 0;
}

std::vector<std::string> disk_names(const SysTree& tree) {
  std::vector<std::string> names;
  for (std::string& name : tree.names("/sys/class/block")) {
    if (is_memory(name) || is_partition(tree, name)) continue;
    // The paths of a multipath NVMe namespace, which the namespace itself stands for.
    if (tree.number(sysfs_folder(name) + "/hidden") != 0) continue;
    if (is_idle(tree, name, tree.number(sysfs_folder(name) + "/size"))) continue;
    names.push_back(std::move(name));
  }
  return names;
}

std::vector<Disk> find_disks(const SysTree& tree) {
  const Uses uses(tree);
  std::vector<Disk> disks;
  for (const std::string& name : disk_names(tree)) disks.push_back(describe(tree, name, uses));
  return disks;
}

}  // namespace drydock::sys
