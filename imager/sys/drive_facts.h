#pragma once

#include <string>

#include "core/drive_facts.h"
#include "sys/sys_tree.h"

namespace drydock::sys {

// From sysfs alone. `disk` is the kernel's name of a whole disk.
DriveFacts read_drive_facts(const SysTree& tree, const std::string& disk);

}  // namespace drydock::sys
