#pragma once

#include "core/extent_map.h"
#include "fs/xfs_group.h"
#include "fs/xfs_inode.h"

namespace drydock::fs {

// Walks all inodes and checks that every block they have is in a map.
class XfsInodes {
 public:
  // All references outlive this.
  XfsInodes(const XfsSuper& super, const io::BlockSource& volume, const ExtentMap& used)
      : super_(super), volume_(volume), used_(used), window_(volume, 64 * kKiB) {}

  // Those of a group: the inode tree, the inodes themselves, the blocks of all forks and of their
  // extent trees. Also compares what each inode counts.
  Result<void> check(const XfsGroup& group);

 private:
  struct Chunk;  // 64 inodes that a record of the inode tree describes

  Result<void> check_chunk(const Chunk& chunk) const;
  Result<void> read_chunks(std::span<const Chunk> chunks, std::uint32_t group);
  Result<void> read_run(std::span<const Chunk> chunks, std::uint32_t group);
  Result<void> check_inodes(const Chunk& chunk, Bytes bytes);
  Result<void> check_inode(const XfsInode& inode);
  Result<void> check_fork(const XfsInode& inode, const XfsFork& fork, std::uint64_t& blocks);
  Result<void> check_tree(const XfsInode& inode, const XfsFork& fork, std::uint64_t& blocks);
  Result<void> check_extent(const XfsInode& inode, const XfsFork& fork, Bytes record,
                            std::uint64_t& behind, std::uint64_t& blocks) const;

  const XfsSuper& super_;
  const io::BlockSource& volume_;
  const ExtentMap& used_;
  Window window_;
  std::uint64_t tree_blocks_ = 0;  // of all extent trees so far
};

}  // namespace drydock::fs
