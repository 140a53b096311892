#pragma once

#include "base/result.h"
#include "fs/btrfs_chunks.h"
#include "fs/btrfs_super.h"
#include "fs/btrfs_tree.h"

namespace drydock::fs {

// The chunk tree of `super`, by its own node.
BtrfsRef btrfs_chunk_tree(const BtrfsSuper& super);

// Makes `chunks`, which `trees` reads by, the filesystem's whole map of addresses: first the chunks
// of the superblock, then all that the chunk tree has. Fails with the reason when the two differ,
// or when the tree names another device or holds anything unknown.
Result<void> read_btrfs_chunks(const BtrfsSuper& super, BtrfsTrees& trees, BtrfsChunks& chunks);

}  // namespace drydock::fs
