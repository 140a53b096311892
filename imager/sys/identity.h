#pragma once

#include <string>

#include "core/disk_id.h"
#include "sys/sys_tree.h"

namespace drydock::sys {

// Who a drive is, from sysfs alone. `disk` is the kernel's name of a whole disk.
DiskId read_identity(const SysTree& tree, const std::string& disk);

// Where it hangs: the PCI address nearest to it, "0000:00:1f.2"; empty if none.
std::string controller_of(const SysTree& tree, const std::string& disk);

}  // namespace drydock::sys
