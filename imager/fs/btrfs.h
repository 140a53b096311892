#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "fs/files.h"
#include "io/block_source.h"

namespace drydock::fs {

// Btrfs on one device, as Linux 6.x and btrfs-progs 6.x know it.
Result<std::optional<VolumeInfo>> probe_btrfs(const io::BlockSource& volume);

// Every copy of what the extent tree calls used, what the log would make used, the first MiB, the
// superblock copies, and all that is outside the filesystem. Checked against each other: checksums,
// the counters of every block group and of the superblock, the device's own list of chunks, the
// free space tree or else every file's extents, and that every block of every tree is called used.
Result<ExtentMap> used_btrfs(const io::BlockSource& volume);

// Driver::files of it.
Result<void> files_btrfs(const io::BlockSource& volume, const VisitFiles& visit);

}  // namespace drydock::fs
