#pragma once

#include <optional>

#include "base/result.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// Filesystems that are written once and leave no block free.
Result<std::optional<VolumeInfo>> probe_squashfs(const io::BlockSource& volume);
Result<std::optional<VolumeInfo>> probe_erofs(const io::BlockSource& volume);
Result<std::optional<VolumeInfo>> probe_cramfs(const io::BlockSource& volume);

}  // namespace drydock::fs
