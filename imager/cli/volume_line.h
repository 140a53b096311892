#pragma once

#include <string>

#include "core/volume.h"

namespace drydock::cli {

// "2  ext4 "root", 3.0 GiB, 1.2 GiB used, Linux filesystem".
std::string volume_line(const Partition& partition, const VolumeInfo& info);

// "ext4 "root", 3.0 GiB, 1.2 GiB used".
std::string inner_line(const InnerVolume& volume);

}  // namespace drydock::cli
