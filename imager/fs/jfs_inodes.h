#pragma once

#include "fs/jfs_inode.h"
#include "fs/jfs_map.h"

namespace drydock::fs {

// The independent witness: every inode of the aggregate and of the files, with all that it claims.
class JfsInodes {
 public:
  JfsInodes(const io::BlockSource& volume, const JfsSuper& super, const JfsMap& map)
      : volume_(volume), super_(super), map_(map) {}

  // Fails when a claimed block is not in use, when there are more claims than blocks in use, or
  // when the inode map contradicts its counts or its inodes. Returns how many blocks are claimed.
  Result<std::uint64_t> count_blocks();

 private:
  Result<void> claim(const JfsBlocks& blocks, std::string_view owner);
  Result<std::uint64_t> claim_tree(const JfsTree& tree);
  Result<void> aggregate();
  Result<void> map_page(std::uint64_t page, Bytes bytes);
  Result<void> map_control(const ByteReader& f);
  Result<void> group(std::uint32_t number, const ByteReader& f);
  Result<void> inodes(const JfsBlocks& place, std::uint32_t first, std::uint32_t used);
  Result<void> inode(const JfsInode& inode);
  Result<std::uint64_t> content(const JfsInode& inode);

  const io::BlockSource& volume_;
  const JfsSuper& super_;
  const JfsMap& map_;
  std::uint64_t claimed_ = 0;
  std::uint64_t groups_told_ = 0;
  std::uint64_t inodes_told_ = 0;
  std::uint64_t free_told_ = 0;
  std::uint64_t inodes_ = 0;  // that have a place
  std::uint64_t free_ = 0;    // of those, not in use
};

}  // namespace drydock::fs
