#pragma once

#include <string>

#include "core/disk_id.h"

namespace drydock::job {

// Letters, digits and dashes only: a name that every filesystem and shell takes.
std::string plain_name(const std::string& text);

// "WDC-WD5000-WX11A123": the start of a file's name that is the same whenever the drive is seen
// again. By the path, as "sda", where the drive has no name; never empty.
std::string drive_name(const DiskId& id, const std::string& path);

}  // namespace drydock::job
