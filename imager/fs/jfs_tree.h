#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fs/jfs_super.h"

namespace drydock::fs {

// Blocks of a file, from `block` of it on.
struct JfsRun {
  std::uint64_t block = 0;
  JfsBlocks place;
};

// A B+ tree with its root in an inode: of a file's runs ("xtree", Linux, fs/jfs/jfs_xtree.h) or of
// a folder's names ("dtree", jfs_dtree.h), of which only the pages matter. Every page must name its
// neighbours as the level above has them, so no walk goes in circles.
struct JfsTree {
  enum Kind : std::uint8_t { runs, names };

  Kind kind = runs;
  Bytes root;
  std::string owner;  // "inode 5"

  struct Visitor {
    std::function<Result<void>(const JfsBlocks&)> page;  // before it is read
    std::function<Result<void>(const JfsRun&)> run;      // in order
  };

  // Fails with the reason when it is damaged or cannot be read.
  Result<void> walk(const io::BlockSource& volume, const Visitor& visitor) const;
};

}  // namespace drydock::fs
