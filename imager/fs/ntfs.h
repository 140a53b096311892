#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// NTFS 1.2, 3.0 and 3.1 (Windows NT 4 to 11).
Result<std::optional<VolumeInfo>> probe_ntfs(const io::BlockSource& volume);

// The clusters that $Bitmap calls used, and what lies behind the last cluster (the backup boot
// sector among it). Every cluster of every file, by the runs in the master file table, must be
// among them.
Result<ExtentMap> used_ntfs(const io::BlockSource& volume);

// The Windows installed on it, empty when there is none.
Result<std::string> system_ntfs(const io::BlockSource& volume);

}  // namespace drydock::fs
