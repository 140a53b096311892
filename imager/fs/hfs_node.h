#pragma once

#include <string_view>
#include <vector>

#include "fs/hfs_fork.h"

namespace drydock::fs {

// The header node of a B-tree file of HFS Plus (TN1150, "B-Trees").
struct HfsTreeHeader {
  std::uint16_t height = 0;  // of the root
  std::uint32_t root = 0;    // this and the others: a node's number, 0 where there is none
  std::uint32_t first_leaf = 0;
  std::uint32_t leaf_records = 0;
  std::uint32_t node_bytes = 0;
  std::uint32_t nodes = 0;
  std::uint32_t free_nodes = 0;

  // Fails when there can be no nodes of that size, or when the keys are those of plain HFS. The
  // counts are not checked.
  static Result<HfsTreeHeader> read(HfsForkReader& file);
};

// One node of such a file, with records that lie inside it.
struct HfsNode {
  enum Kind : std::uint8_t { kIndex = 0, kHeader = 1, kMap = 2, kLeaf = 0xFF };

  // Of a leaf or an index node: the key without its length, and what it stands for.
  struct Entry {
    ByteReader key;
    ByteReader data;
  };

  std::uint32_t number = 0;
  std::uint32_t next = 0;
  std::uint32_t previous = 0;
  std::uint8_t kind = 0;
  std::uint8_t height = 0;  // of a leaf: 1
  std::vector<std::byte> bytes;
  std::vector<std::uint16_t> offsets;  // of the records and of the free space behind them

  // Takes the place of what was in it.
  Result<void> load(HfsForkReader& file, const HfsTreeHeader& header, std::uint32_t wanted);

  std::size_t records() const { return offsets.size() - 1; }
  Bytes record(std::size_t index) const;
  Result<Entry> entry(const HfsForkReader& file, std::size_t index) const;
};

Error damaged_node(const HfsForkReader& file, std::uint32_t node, std::string_view what);

}  // namespace drydock::fs
