#pragma once

#include "fs/used_map.h"
#include "fs/xfs_group.h"

namespace drydock::fs {

// Where blocks are read from in turns: those of the tree of owners, and all others.
struct XfsWindows {
  Window& owners;
  Window& others;
};

// Keeps in `used` what the group's free-space tree by place does not call free, after comparing
// that tree with the one by size, the counters of the group and, where there is one, the tree of
// owners: every block is either free or has an owner. Keeps in `metadata` all blocks of its headers
// and trees.
Result<void> map_xfs_group(const XfsSuper& super, const XfsWindows& windows, const XfsGroup& group,
                           UsedMap& used, UsedMap& metadata);

}  // namespace drydock::fs
