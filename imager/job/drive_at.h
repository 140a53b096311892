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

// Who the drive is that `path` names or, of a partition, lies on; empty for a file.
DiskId identity_at(sys::Machine& machine, const std::string& path);

}  // namespace drydock::job
