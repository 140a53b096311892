#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "fs/files.h"
#include "io/block_source.h"

namespace drydock::fs {

// NTFS 1.2, 3.0 and 3.1 (Windows NT 4 to 11).
Result<std::optional<VolumeInfo>> probe_ntfs(const io::BlockSource& volume);

// The clusters that $Bitmap calls used, and what lies behind the last cluster (the backup boot
// sector among it). Every cluster of every file, by the runs in the master file table, must be
// among them.
Result<ExtentMap> used_ntfs(const io::BlockSource& volume);

// Driver::files of it.
Result<void> files_ntfs(const io::BlockSource& volume, const VisitFiles& visit);

}  // namespace drydock::fs
