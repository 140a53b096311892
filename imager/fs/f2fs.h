#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// F2FS with blocks of 4 KiB on one device (Linux, fs/f2fs and include/linux/f2fs_fs.h).
Result<std::optional<VolumeInfo>> probe_f2fs(const io::BlockSource& volume);

// All in front of the main area, the blocks that the newest checkpoint's segment table (SIT) calls
// valid, what a roll-forward would read, and what lies behind the last segment. Checked against
// every node and every data block that a node points to.
Result<ExtentMap> used_f2fs(const io::BlockSource& volume);

}  // namespace drydock::fs
