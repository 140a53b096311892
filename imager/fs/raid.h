#pragma once

#include <optional>

#include "base/result.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// Members of software and firmware RAID.
Result<std::optional<VolumeInfo>> probe_mdraid(const io::BlockSource& volume);
Result<std::optional<VolumeInfo>> probe_firmware_raid(const io::BlockSource& volume);

}  // namespace drydock::fs
