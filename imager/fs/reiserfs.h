#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// ReiserFS 3.5 and 3.6, as Linux 6.12 and reiserfsprogs 3.6.27 know them. Reiser4 is recognised.
Result<std::optional<VolumeInfo>> probe_reiserfs(const io::BlockSource& volume);

// The blocks that the bitmaps call used, and all that is outside the filesystem. Only of a volume
// that was unmounted and whose journal has nothing to replay. Checked against the superblock's
// count and by a walk through the whole tree, every block of which must be in use.
Result<ExtentMap> used_reiserfs(const io::BlockSource& volume);

}  // namespace drydock::fs
