#pragma once

#include <vector>

#include "core/disk_id.h"
#include "sys/sys_tree.h"

namespace drydock::sys {

// All whole disks that could hold something, from sysfs alone: no drive is opened. Memory disks and
// loop, nbd and dm devices with nothing behind them are left out.
std::vector<Disk> find_disks(const SysTree& tree);

}  // namespace drydock::sys
