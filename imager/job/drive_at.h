#pragma once

#include <optional>
#include <string>

#include "core/disk_id.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

// The whole drive that `path` names, by whatever link; nothing for a partition or a file.
std::optional<Disk> drive_at(sys::Machine& machine, const std::string& path);

}  // namespace drydock::job
