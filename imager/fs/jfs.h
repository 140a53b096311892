#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// IBM's Journaled File System as Linux and OS/2 have it ("JFS1"), by its block allocation map,
// checked against the inodes.
Result<std::optional<VolumeInfo>> probe_jfs(const io::BlockSource& volume);
Result<ExtentMap> used_jfs(const io::BlockSource& volume);

}  // namespace drydock::fs
