#pragma once

#include <cstdint>
#include <vector>

#include "fs/btrfs_tree.h"
#include "fs/used_map.h"

namespace drydock::fs {

// The used addresses of one block group, in few bytes: two that are equal have the same runs.
class BtrfsRuns {
 public:
  // In ascending order.
  void add(Extent run);
  void finish() { flush(); }

  bool operator==(const BtrfsRuns&) const = default;
  std::uint64_t bytes() const { return bytes_; }

 private:
  void flush();

  std::uint64_t start_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t hash_ = 0;
};

// What the extent tree says is in use, and the counters of the block groups that frame it.
class BtrfsExtents {
 public:
  BtrfsExtents(const BtrfsSuper& super, const BtrfsChunks& chunks)
      : super_(super), chunks_(chunks), groups_(chunks.all().size()) {}

  // A leaf of the extent tree, in order.
  Result<void> add_extents(const BtrfsNode& leaf);
  // A leaf of the tree that has the block groups: where there is no tree of their own, the extent
  // tree.
  Result<void> add_groups(const BtrfsNode& leaf);
  // Fails with both numbers when the counters disagree. After it:
  Result<void> finish();

  const ExtentMap& data() const { return data_map_; }
  const ExtentMap& tree_blocks() const { return tree_map_; }
  // The used addresses of each chunk, in the order of the chunks.
  const BtrfsRuns& runs(std::size_t chunk) const { return groups_[chunk].runs; }

 private:
  struct Group {
    BtrfsRuns runs;
    bool counted = false;
    std::uint64_t used = 0;  // by its own counter
  };

  Result<void> add_extent(const BtrfsKey& key, Bytes item);
  Result<void> add_group(const BtrfsKey& key, Bytes item);

  const BtrfsSuper& super_;
  const BtrfsChunks& chunks_;
  std::vector<Group> groups_;
  UsedMap data_{~std::uint64_t{0}};
  UsedMap tree_blocks_{~std::uint64_t{0}};
  ExtentMap data_map_;
  ExtentMap tree_map_;
  std::uint64_t last_end_ = 0;
};

// The free space tree, which tells the same the other way round.
class BtrfsFreeSpace {
 public:
  BtrfsFreeSpace(const BtrfsSuper& super, const BtrfsChunks& chunks)
      : super_(super), chunks_(chunks) {}

  // A leaf of the tree, in order.
  Result<void> add(const BtrfsNode& leaf);
  // Fails when it differs from the extent tree.
  Result<void> compare(const BtrfsExtents& extents);

 private:
  Result<void> add_item(const BtrfsKey& key, Bytes item);
  Result<void> add_info(const BtrfsKey& key);
  Result<void> add_free(Extent free);
  void close_group();

  const BtrfsSuper& super_;
  const BtrfsChunks& chunks_;
  std::vector<BtrfsRuns> used_;  // a chunk each, as far as they were seen
  std::uint64_t cursor_ = 0;     // up to where the current chunk is known
  Extent stale_;                 // a block group that is gone, as long as its entries last
};

}  // namespace drydock::fs
