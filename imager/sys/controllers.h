#pragma once

#include <string>
#include <vector>

#include "core/disk_id.h"
#include "sys/sys_tree.h"

namespace drydock::sys {

// Controllers that should show a drive and do not, each as a sentence that names it and says what
// to do: RAID modes that hide drives (Intel RST, AMD RAIDXpert), arrays not set up, a missing
// driver. From sysfs alone. `disks` are all that were found. A controller with its drivers and no
// drive is nothing to speak of where that is usual: SATA ports without a cable, empty card readers.
std::vector<std::string> hidden_drive_advice(const SysTree& tree, const std::vector<Disk>& disks);

}  // namespace drydock::sys
