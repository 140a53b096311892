#pragma once

#include <string>

#include "base/result.h"
#include "sys/sys_tree.h"

namespace drydock::sys {

// True where writing one of two places changes what is read from the other: the same device or
// file, a disk and its partition, a device and a file on it. What stands on several devices
// (arrays, volume groups) is in use by its holder and refused for that.
Result<bool> overlap(const SysTree& tree, const std::string& a, const std::string& b);

}  // namespace drydock::sys
