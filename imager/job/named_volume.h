#pragma once

#include <string>

#include "base/result.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

// The device of the one volume that has `name` as its label or its UUID, or is the partition of
// that name: "Backup", "5d7b…", "sdb1". Reads the superblocks of all drives.
Result<std::string> find_volume(sys::Machine& machine, const std::string& name);

}  // namespace drydock::job
