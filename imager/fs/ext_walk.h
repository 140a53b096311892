#pragma once

#include <array>
#include <vector>

#include "core/extent_map.h"
#include "fs/ext_groups.h"
#include "fs/ext_inode.h"
#include "fs/ext_tree.h"
#include "fs/read.h"

namespace drydock::fs {

// Follows the blocks of every inode in use, the second witness of what is used: all of them must be
// in a map that was made from the block bitmaps. Reads the inode bitmaps, the used parts of the
// inode tables, and the blocks that lead on to others, these sorted by place in large batches.
class ExtWalk {
 public:
  // `super` has been checked; all outlive this.
  ExtWalk(const ExtSuper& super, const io::BlockSource& volume, const ExtentMap& used)
      : super_(super),
        volume_(volume),
        used_(used),
        groups_(super, volume),
        seed_(super.checksum_seed()),
        bitmaps_(volume, kWindow),
        tree_(volume, kWindow) {}

  // Fails with the reason when a block that is not in the map is found, an inode, a bitmap or a
  // tree is damaged, or the inodes in use are not as many as the groups count.
  Result<void> run();

  std::uint64_t free_inodes() const { return free_inodes_; }

 private:
  static constexpr std::size_t kWindow = 64 * kKiB;

  // A block that leads on to others, of an inode.
  struct Lead {
    std::uint64_t block = 0;
    std::uint32_t inode = 0;
    std::uint32_t seed = 0;  // of its checksum
    bool extents = false;
  };

  Result<void> walk_group(std::uint32_t number);
  Result<void> walk_inodes(std::uint32_t number, const ExtGroup& group, Bytes bitmap);
  Result<void> walk_inode(std::uint32_t number, Bytes bytes);
  Result<void> walk_extents(std::uint32_t inode, const ExtentNode& node, std::uint32_t seed);
  Result<void> walk_numbers(const Lead& lead, Bytes numbers, int depth);
  Result<void> lead_to(int depth, const Lead& lead);
  Result<void> drain(int depth);
  Result<void> follow(const Lead& lead, int depth);
  Result<void> require(std::uint32_t inode, std::uint64_t block, std::uint64_t count) const;

  const ExtSuper& super_;
  const io::BlockSource& volume_;
  const ExtentMap& used_;
  ExtGroups groups_;
  std::uint32_t seed_;
  Window bitmaps_;
  Window tree_;
  std::vector<std::byte> table_;
  // By how many levels are below: 0 leads to data only.
  std::array<std::vector<Lead>, ExtentNode::kMostDepth> leads_;
  std::uint64_t leads_seen_ = 0;
  std::uint64_t free_inodes_ = 0;
};

}  // namespace drydock::fs
