#pragma once

#include "core/extent_map.h"
#include "fs/read.h"
#include "fs/ufs_groups.h"

namespace drydock::fs {

// The independent witness: every inode in use, and where what belongs to it is.
class UfsInodes {
 public:
  // Blocks of pointers that are read. Those of a volume full of large files would take hours on a
  // slow drive; of the ones beyond it is only seen that they themselves are in use.
  static constexpr std::uint64_t kMostPointerBlocks = 16384;

  // `in_use`: bytes on the volume. All must outlive this.
  UfsInodes(const io::BlockSource& volume, const UfsSuper& super, const ExtentMap& in_use)
      : super_(super), in_use_(in_use), table_(volume), pointers_(volume, super.block_bytes) {}

  // Fails with the reason when a group's inode map is not what its inodes are, or one has blocks
  // that are free or outside the filesystem.
  Result<void> check(const UfsGroup& group);

  // Fragments that were found to belong to inodes.
  std::uint64_t fragments() const { return fragments_; }

 private:
  Result<void> check_inode(std::uint64_t number, Bytes bytes, bool used);
  Result<void> follow_all(std::uint64_t number, const UfsFields& inode);
  Result<void> follow_attributes(std::uint64_t number, const UfsFields& inode);
  // `level` 0: a block of data; else of pointers, `level` steps above the data.
  Result<void> follow(std::uint64_t number, std::uint64_t block, unsigned level);
  Result<void> claim(std::uint64_t number, std::uint64_t fragment, std::uint64_t count);

  const UfsSuper& super_;
  const ExtentMap& in_use_;
  Window table_;
  Window pointers_;
  std::uint64_t pointer_blocks_ = 0;
  bool all_followed_ = true;  // of the inode at hand
  std::uint64_t fragments_ = 0;
};

}  // namespace drydock::fs
