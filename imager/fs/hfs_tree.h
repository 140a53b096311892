#pragma once

#include <functional>

#include "fs/hfs_fork.h"

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
  struct Node {
    std::vector<std::byte> bytes;
    std::uint32_t number = 0;
    std::uint32_t next = 0;
    std::uint8_t kind = 0;
    std::vector<std::uint16_t> offsets;  // of the records and of the free space behind them
  };
  enum Kind : std::uint8_t { kIndex = 0, kHeader = 1, kMap = 2, kLeaf = 0xFF };

  Result<void> read_header();
  Result<void> load(std::uint32_t number, Node& node);
  Result<void> scan(Bytes map, const Visit& visit);
  Result<void> visit_leaf(const Node& leaf, const Visit& visit);
  Bytes record(const Node& node, std::size_t index) const;
  Error damaged(std::uint32_t node, std::string_view what) const;

  HfsForkReader& file_;
  std::uint32_t node_bytes_ = 0;
  std::uint32_t leaf_records_ = 0;
  std::uint32_t first_leaf_ = 0;
  std::uint32_t nodes_ = 0;
  std::uint32_t free_nodes_ = 0;

  std::uint32_t scanned_ = 0;  // nodes
  std::uint32_t in_use_ = 0;
  std::uint64_t records_ = 0;
  Node node_;
};

}  // namespace drydock::fs
