#pragma once

#include <string>

#include "base/result.h"

namespace drydock::sys {

// What `smartctl --json --xall` prints about a drive: it asks, and changes nothing. smartctl's exit
// status is part of the text. environment where there is no smartctl or it prints nothing.
Result<std::string> smartctl_report(const std::string& device);

}  // namespace drydock::sys
