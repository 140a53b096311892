#pragma once

#include <string>

#include "base/result.h"

namespace drydock::sys {

// Makes the kernel look for the partitions of a disk anew (BLKRRPART). Waits a little for whoever
// still has one of the old partitions open. Success where the device cannot have partitions.
Result<void> reread_table(const std::string& device);

}  // namespace drydock::sys
