#pragma once

#include <optional>

#include "base/result.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// Btrfs.
Result<std::optional<VolumeInfo>> probe_btrfs(const io::BlockSource& volume);

}  // namespace drydock::fs
