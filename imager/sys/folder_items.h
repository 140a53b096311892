#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "sys/machine.h"

namespace drydock::sys {

// Machine::items() of a folder that the kernel can read.
Result<std::vector<FolderItem>> items_of(const std::string& folder);

}  // namespace drydock::sys
