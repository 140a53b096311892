#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "fs/files.h"
#include "io/block_source.h"

namespace drydock::fs {

// HFS Plus (version 4) and HFSX (version 5) as Apple's TN1150 and hfs-627 know them, bare or inside
// an HFS wrapper. Plain HFS is recognised.
Result<std::optional<VolumeInfo>> probe_hfs(const io::BlockSource& volume);

// The blocks that the allocation file calls used, boot blocks, both volume headers, and all that is
// outside the HFS Plus volume, such as its wrapper. Checked against each other: the free count, the
// extents of every file in the catalog, extents overflow and attributes trees (each must be called
// used, and each file have as many blocks as it says), and the trees' own counts.
Result<ExtentMap> used_hfs(const io::BlockSource& volume);

// Driver::files of it (fs/hfs_files.h), whatever state the volume is in. Where its header cannot be
// read, the alternate one stands for it.
Result<void> files_hfs(const io::BlockSource& volume, const VisitFiles& visit);

}  // namespace drydock::fs
