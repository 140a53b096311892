#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// UFS1 and UFS2 of FreeBSD, NetBSD and OpenBSD, of either byte order.
Result<std::optional<VolumeInfo>> probe_ufs(const io::BlockSource& volume);

// The fragments that the cylinder groups' maps do not call free, and all that is outside the
// filesystem. Checked against each other: the counts of every group, of the table of counts and of
// the superblock; that every group's metadata is in use; that the inodes in use are those that the
// inode maps tell; and that every block that an inode has, up to a bounded number of blocks of
// pointers, is in use.
Result<ExtentMap> used_ufs(const io::BlockSource& volume);

}  // namespace drydock::fs
