#pragma once

#include "core/extent_map.h"
#include "fs/minix_super.h"
#include "fs/read.h"

namespace drydock::fs {

// The independent witness: every inode, and the zones that it has.
class MinixInodes {
 public:
  // `in_use`: bytes on the volume. All must outlive this; `super` has been checked.
  MinixInodes(const io::BlockSource& volume, const MinixSuper& super, const ExtentMap& in_use)
      : super_(super),
        in_use_(in_use),
        map_(volume, super.block_bytes),
        table_(volume),
        pointers_(volume, super.block_bytes) {}

  // Returns how many zones inodes have. Fails with the reason when an inode is not what its map
  // calls it, or has a zone that is free or outside the data.
  Result<std::uint64_t> count_zones();

 private:
  Result<bool> in_map(std::uint64_t number);
  Result<void> check_inode(std::uint64_t number, Bytes bytes, bool used);
  // `level` 0: a zone of data; else of pointers, `level` steps above the data.
  Result<void> follow(std::uint64_t number, std::uint64_t zone, unsigned level);

  const MinixSuper& super_;
  const ExtentMap& in_use_;
  Window map_;
  Window table_;
  Window pointers_;
  std::uint64_t zones_ = 0;
};

}  // namespace drydock::fs
