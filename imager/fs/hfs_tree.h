#pragma once

#include <functional>

#include "fs/hfs_node.h"

namespace drydock::fs {

// A B-tree file of HFS Plus (TN1150, "B-Trees"), read in the order in which its nodes lie on disk:
// the tree's own map says which of them are in use.
class HfsTree {
 public:
  // Of a leaf: the key without its length, and what the key stands for.
  using Visit = std::function<Result<void>(const ByteReader& key, const ByteReader& data)>;

  explicit HfsTree(HfsForkReader& file) : file_(file) {}

  // Calls `visit` for every record of every leaf in use. Fails when the tree contradicts itself:
  // nodes that are none, records outside their node, or more or fewer of either than its header
  // counts.
  Result<void> each_record(const Visit& visit);

  // The records of the first leaf alone, for a look that costs little.
  Result<void> first_leaf(const Visit& visit);

 private:
  Result<void> read_header();
  Result<void> scan(Bytes map, const Visit& visit);
  Result<void> visit_leaf(const Visit& visit);

  HfsForkReader& file_;
  HfsTreeHeader header_;

  std::uint32_t scanned_ = 0;  // nodes
  std::uint32_t in_use_ = 0;
  std::uint64_t records_ = 0;
  HfsNode node_;
};

}  // namespace drydock::fs
