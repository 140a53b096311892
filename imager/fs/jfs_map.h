#pragma once

#include "core/extent_map.h"
#include "fs/jfs_super.h"

namespace drydock::fs {

// The block allocation map of an aggregate (Linux, fs/jfs/jfs_dmap.h).
struct JfsMap {
  ExtentMap in_use;
  std::uint64_t used = 0;  // blocks

  // Reads all of it, and compares the bits with the counts of every page, of every allocation group
  // and of the whole. The superblock has been checked.
  static Result<JfsMap> read(const io::BlockSource& volume, const JfsSuper& super);
};

// How many blocks the first page of the map counts as free.
Result<std::uint64_t> jfs_free_blocks(const io::BlockSource& volume, const JfsSuper& super);

}  // namespace drydock::fs
