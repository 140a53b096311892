#pragma once

#include <optional>

#include "base/result.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// XFS, all versions.
Result<std::optional<VolumeInfo>> probe_xfs(const io::BlockSource& volume);

}  // namespace drydock::fs
