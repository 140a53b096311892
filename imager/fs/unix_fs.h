#pragma once

#include <optional>

#include "base/result.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// Filesystems of other Unix systems.
Result<std::optional<VolumeInfo>> probe_zfs(const io::BlockSource& volume);

}  // namespace drydock::fs
