#pragma once

#include <string>
#include <vector>

#include "core/disk_id.h"
#include "sys/sys_tree.h"

namespace drydock::sys {

// The kernel's names of all whole disks that could hold something, in order. Memory disks and loop,
// nbd and dm devices with nothing behind them are left out.
std::vector<std::string> disk_names(const SysTree& tree);

// False for an empty card reader, optical or floppy drive.
bool medium_present(const SysTree& tree, const std::string& disk);

// All of them, from sysfs alone: no drive is opened.
std::vector<Disk> find_disks(const SysTree& tree);

}  // namespace drydock::sys
