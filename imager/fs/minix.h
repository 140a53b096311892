#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// The Minix filesystem of versions 1, 2 and 3, little-endian, with zones of one block (Linux
// kernel, include/uapi/linux/minix_fs.h), as Linux and util-linux make and use it.
Result<std::optional<VolumeInfo>> probe_minix(const io::BlockSource& volume);

// The zones that the zone map calls used, all in front of the first and all behind the last.
// Checked against every inode: those with a mode are those in the inode map, and the zones that
// they have are those in the zone map, as many and no others.
Result<ExtentMap> used_minix(const io::BlockSource& volume);

}  // namespace drydock::fs
