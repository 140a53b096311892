#pragma once

#include "fs/read.h"
#include "fs/xfs_tree.h"

namespace drydock::fs {

// Where a tree of a group begins. Without levels there is none.
struct XfsRoot {
  std::uint64_t block = 0;
  unsigned levels = 0;
};

// The headers of an allocation group: its copy of the superblock, AGF, AGI and AGFL, a sector each
// (XFS Algorithms & Data Structures, "Allocation Groups").
struct XfsGroup {
  std::uint32_t number = 0;

  XfsRoot free_by_place;
  XfsRoot free_by_size;
  XfsRoot owners;
  XfsRoot shared;
  std::uint32_t free_blocks = 0;
  std::uint32_t longest = 0;
  std::uint32_t list_blocks = 0;  // set aside for the trees that follow
  std::uint32_t tree_blocks = 0;  // of the first three trees, without their roots
  std::uint32_t shared_blocks = 0;

  XfsRoot inodes;
  XfsRoot free_inodes;
  std::uint32_t inode_count = 0;

  std::vector<std::uint32_t> list;  // the blocks set aside
  std::uint64_t lsn = 0;            // the highest of its headers

  // Reads and checks them: magic numbers, checksums, places, sizes, and the copy of the superblock.
  static Result<XfsGroup> read(const XfsSuper& super, Window& window, std::uint32_t number);

  // Free blocks as the superblock counts them: also those that hold or will hold free-space trees.
  std::uint64_t counted_free(const XfsSuper& super) const {
    return std::uint64_t{free_blocks} + list_blocks + (super.has_lazy_counters() ? tree_blocks : 0);
  }
};

}  // namespace drydock::fs
