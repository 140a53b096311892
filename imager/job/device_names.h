#pragma once

#include <string>

#include "core/disk_id.h"

namespace drydock::job {

// The device of a partition as the kernel names it: "/dev/sda" 2 → "/dev/sda2", "/dev/nvme0n1" 2 →
// "/dev/nvme0n1p2". Number 0 is the disk itself.
std::string partition_device(const std::string& disk, unsigned number);

// "SanDisk Extreme (4C530001)": model and serial; the path where the drive tells neither.
std::string drive_name(const Disk& disk);

}  // namespace drydock::job
