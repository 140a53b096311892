#pragma once

#include <optional>

#include "core/disk_id.h"
#include "core/drive_condition.h"
#include "sys/sys_tree.h"

namespace drydock::sys {

// Opens the drive for reading and asks it. Never fails: one that does not answer has nothing to
// tell.
DriveCondition ask_for_condition(const SysTree& tree, const Disk& disk);

// In degrees, by the kernel's sensor of a drive (Linux, Documentation/hwmon/sysfs-interface), which
// asks the drive. `disk` is the kernel's name.
std::optional<int> temperature(const SysTree& tree, const std::string& disk);

}  // namespace drydock::sys
