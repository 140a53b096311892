#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// NILFS2, revision 2 (Linux, fs/nilfs2 and include/uapi/linux/nilfs2_ondisk.h).
Result<std::optional<VolumeInfo>> probe_nilfs(const io::BlockSource& volume);

// Whole segments: those that the segment usage file of the newest checkpoint does not call clean,
// those of the logs that a mount looks at from the superblock's log on; and all around the
// segments. Checked against every block that the disk address file (DAT) knows.
Result<ExtentMap> used_nilfs(const io::BlockSource& volume);

}  // namespace drydock::fs
