#pragma once

#include "core/extent_map.h"
#include "fs/ntfs_volume.h"

namespace drydock::fs {

// Walks the master file table: every cluster of every file must be in `used`, and all of them
// together may not be more than the `in_use` clusters that the bitmap counts.
Result<void> check_files(const NtfsVolume& volume, const ExtentMap& used, std::uint64_t in_use);

// Where the master file table itself lies is told twice: here and in its copy.
Result<void> check_mirror(const NtfsVolume& volume);

}  // namespace drydock::fs
