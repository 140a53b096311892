#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sys/mounts.h"
#include "sys/sys_tree.h"

namespace drydock::sys {

// How block devices hang together, by the kernel's names for them ("sda2", "dm-0", "cciss!c0d0").

std::string device_path(const std::string& name);   // "sda2" → "/dev/sda2"
std::string sysfs_folder(const std::string& name);  // "sda2" → "/sys/class/block/sda2"

// The name of the device that `path` leads to; nothing when it is no block device.
std::optional<std::string> block_name(const SysTree& tree, const std::string& path);

// The device below a mount: by its number or, as Btrfs has numbers of its own, by its source.
// Nothing for network and memory filesystems.
std::optional<std::string> device_of(const SysTree& tree, const Mount& mount);

bool is_partition(const SysTree& tree, const std::string& name);
// The disk of a partition; of anything else, itself.
std::string whole_disk(const SysTree& tree, const std::string& name);
// In the order of their numbers.
std::vector<std::string> partitions(const SysTree& tree, const std::string& disk);

// The drives that hold the content of a device: through partitions, device mapper, md and loop
// devices down to the hardware. Never empty: at least the device's own disk.
std::vector<std::string> drives_below(const SysTree& tree, const std::string& name);

}  // namespace drydock::sys
