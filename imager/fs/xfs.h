#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "fs/files.h"
#include "io/block_source.h"

namespace drydock::fs {

// XFS of versions 4 and 5, as Linux 6.12 and xfsprogs 6.13 know it.
Result<std::optional<VolumeInfo>> probe_xfs(const io::BlockSource& volume);

// The blocks that the free-space trees do not call free, and all that is outside the filesystem.
// Only of a volume whose log has nothing to replay. Checked against each other: checksums, both
// free-space trees, the counters of every group and of the superblock, and either the tree of
// owners, where there is one, or the extents of every inode.
Result<ExtentMap> used_xfs(const io::BlockSource& volume);

// Driver::files of it.
Result<void> files_xfs(const io::BlockSource& volume, const VisitFiles& visit);

}  // namespace drydock::fs
