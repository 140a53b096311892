#pragma once

#include <string>

#include "base/result.h"
#include "core/consent.h"

namespace drydock::sys {

// An ordinary file as a target: an existing one with its size, an empty one and one to be created
// with `bytes`. A folder, a device or a missing parent folder is refused.
Result<Target> file_target(const std::string& path, std::uint64_t bytes);

}  // namespace drydock::sys
