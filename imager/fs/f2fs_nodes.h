#pragma once

#include <cstdint>
#include <vector>

#include "core/extent_map.h"
#include "fs/f2fs_checkpoint.h"
#include "fs/f2fs_node.h"
#include "fs/f2fs_table.h"

namespace drydock::fs {

// The independent witness: every node that the NAT knows, and the data blocks it points to.
class F2fsNodes {
 public:
  // `in_use`: bytes on the volume. All must outlive this; `super` and `checkpoint` have been
  // checked.
  F2fsNodes(const io::BlockSource& volume, const F2fsSuper& super, const F2fsCheckpoint& checkpoint,
            const ExtentMap& in_use)
      : super_(super),
        checkpoint_(checkpoint),
        in_use_(in_use),
        table_(F2fsTable::nat(volume, super, checkpoint)),
        nodes_(volume, kReadAhead) {}

  // Fails with the reason when a node is not where it should be, when a block is called free, or
  // when there are not as many as the checkpoint counts and as `valid`, the blocks in use.
  Result<void> check(std::uint64_t valid);

 private:
  static constexpr std::size_t kReadAhead = std::size_t{64} * 1024;
  static constexpr std::size_t kBatch = 200'000;

  struct Place {
    std::uint32_t block;
    std::uint32_t number;
    std::uint32_t inode;
  };

  Result<void> take(std::uint32_t number, Bytes entry);
  Result<void> check_batch();
  Result<void> check_node(const Place& place);
  Result<void> check_data(const F2fsNode& node);
  Result<void> check_counts(std::uint64_t valid) const;

  const F2fsSuper& super_;
  const F2fsCheckpoint& checkpoint_;
  const ExtentMap& in_use_;
  F2fsTable table_;
  Window nodes_;
  std::vector<Place> batch_;
  std::uint64_t node_count_ = 0;
  std::uint64_t inodes_ = 0;
  std::uint64_t data_ = 0;
  std::uint64_t reserved_ = 0;
  std::uint64_t clusters_ = 0;
};

}  // namespace drydock::fs
