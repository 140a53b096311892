#pragma once

#include <string>

#include "base/result.h"
#include "sys/machine.h"
#include "sys/sys_tree.h"

namespace drydock::sys {

// An absolute path without symbolic links; of a file that does not exist yet, its folder is
// followed. What cannot be followed is given back as it is.
std::string real_path(const std::string& path);

// What `path` (of the form that real_path gives) stands on.
Result<Storage> storage_of(const SysTree& tree, const std::string& path);

}  // namespace drydock::sys
