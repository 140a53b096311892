#pragma once

#include <vector>

#include "fs/ufs_super.h"

namespace drydock::fs {

// A cylinder group's own block (FreeBSD, sys/ufs/ffs/fs.h, struct cg), checked.
struct UfsGroup {
  std::uint32_t number = 0;
  UfsCounts counts;                      // as it tells them
  std::vector<std::byte> used;           // a bit a fragment, set where it is in use
  std::vector<std::byte> inodes_used;    // a bit an inode
  std::uint32_t initialised_inodes = 0;  // those behind have never been written
};

// Fails with the reason when the block cannot be read, is not that of this group, or its own counts
// are not those of its maps. `super` has been checked.
Result<UfsGroup> read_ufs_group(const io::BlockSource& volume, const UfsSuper& super,
                                std::uint32_t number);

}  // namespace drydock::fs
