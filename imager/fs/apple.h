#pragma once

#include <optional>

#include "base/result.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// APFS.
Result<std::optional<VolumeInfo>> probe_apfs(const io::BlockSource& volume);

}  // namespace drydock::fs
