#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "fs/nilfs_super.h"
#include "fs/read.h"

namespace drydock::fs {

// Turns a pointer of a tree into a block of the volume.
using NilfsPlace = std::function<Result<std::uint64_t>(std::uint64_t pointer)>;

// Where the blocks of a file are: in its inode, or in a B-tree of which that has the root.
class NilfsTree {
 public:
  static constexpr std::size_t kInodeBytes = 128;

  // `inode` has kInodeBytes. `volume` and `super` must outlive this.
  NilfsTree(const io::BlockSource& volume, const NilfsSuper& super, Bytes inode, NilfsPlace place);

  // The block with number `key` of the file; nothing where it has a hole.
  Result<std::optional<std::uint64_t>> find(std::uint64_t key);

  struct Visitor {
    std::function<Result<void>(std::uint64_t block)> node;
    std::function<Result<void>(std::uint64_t key, std::uint64_t block)> data;
  };
  // All nodes and all blocks, keys in ascending order: one that does not ascend is a failure, so
  // it ends.
  Result<void> walk(const Visitor& visitor);

 private:
  struct Node {
    std::vector<std::byte> bytes;
    unsigned level = 0;
    std::size_t count = 0;
    std::size_t keys_at = 0;
    std::size_t pointers_at = 0;

    std::uint64_t key(std::size_t i) const { return ByteReader(bytes).le64(keys_at + i * 8); }
    std::uint64_t pointer(std::size_t i) const {
      return ByteReader(bytes).le64(pointers_at + i * 8);
    }
  };

  bool is_tree() const;
  Result<Node> root() const;
  Result<Node> node_at(std::uint64_t block, unsigned level);
  static Result<Node> parse(Bytes bytes, std::size_t header, std::size_t most);
  Result<void> walk(const Node& node, const Visitor& visitor);
  Result<void> visit(std::uint64_t key, std::uint64_t block, const Visitor& visitor);

  const NilfsSuper& super_;
  Window window_;
  std::vector<std::byte> map_;  // 56 bytes
  NilfsPlace place_;
  std::optional<std::uint64_t> last_key_;
};

}  // namespace drydock::fs
