#pragma once

#include <compare>
#include <vector>

#include "core/extent_map.h"
#include "fs/read.h"
#include "fs/reiserfs_super.h"

namespace drydock::fs {

// Walks the tree that holds everything on a ReiserFS volume, and checks that every block of it and
// every block that a file has is in a map.
class ReiserTree {
 public:
  // All references outlive this.
  ReiserTree(const ReiserSuper& super, const io::BlockSource& volume, const ExtentMap& used)
      : super_(super), window_(volume), used_(used), levels_(super.tree_height - 1u) {}

  // How many blocks those are.
  Result<std::uint64_t> count_blocks();

 private:
  // Of an item: folder, object, and place in it.
  struct Key {
    std::uint32_t folder = 0;
    std::uint32_t object = 0;
    std::uint64_t place = 0;
    auto operator<=>(const Key&) const = default;
  };
  struct Level {
    std::vector<std::uint32_t> children = {};
    std::size_t next = 0;
  };

  Result<Bytes> read_node(std::uint32_t block, std::size_t level);
  Result<void> read_inner(std::uint32_t block, std::size_t level);
  Result<void> read_leaf(std::uint32_t block);
  Result<void> read_item(Bytes leaf, std::size_t number);
  Result<void> use(std::uint32_t block, std::string_view as);

  const ReiserSuper& super_;
  Window window_;
  const ExtentMap& used_;
  std::vector<Level> levels_;  // leaves, of which there is nothing to remember, first
  Key last_;
  bool any_ = false;
  std::uint64_t blocks_ = 0;
};

}  // namespace drydock::fs
