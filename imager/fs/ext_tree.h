#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "fs/ext_inode.h"

namespace drydock::fs {

// Consecutive blocks of a file in consecutive blocks of the volume.
struct ExtRun {
  std::uint64_t logical = 0;
  std::uint64_t block = 0;  // 0: a hole
  std::uint64_t count = 0;
  bool written = true;  // else it reads as zeros
};

// One node of an extent tree (kernel, Documentation/filesystems/ext4/ifork.rst): the root in the
// inode or a block. A view of bytes that outlive it.
class ExtentNode {
 public:
  static constexpr int kMostDepth = 5;

  // Fails when it is no node or, with `depth` given, of another depth.
  static Result<ExtentNode> decode(Bytes bytes, int depth = -1);

  int depth() const { return depth_; }  // 0: its entries are runs
  std::size_t size() const { return size_; }
  // Both valid for any i below size().
  ExtRun run(std::size_t i) const;
  std::uint64_t logical(std::size_t i) const;
  std::uint64_t child(std::size_t i) const;

  // Of a block: whether its checksum, behind the last entry that fits, is right.
  bool checksum_matches(std::uint32_t inode_seed) const;

 private:
  explicit ExtentNode(Bytes bytes) : bytes_(bytes) {}

  Bytes bytes_;
  int depth_ = 0;
  std::size_t size_ = 0;
  std::size_t most_ = 0;
};

// The blocks of a file where no tree of extents leads to them: `root` has twelve of them and then
// one block of numbers, one of such blocks, and one more level.
struct BlockNumbers {
  static constexpr std::size_t kDirect = 12;
  static constexpr int kMostDepth = 3;

  static std::uint32_t at(Bytes numbers, std::size_t i) {
    return load_le<std::uint32_t>(numbers.data() + 4 * i);
  }
  // The blocks from number `i` on that follow one another, or the hole.
  static ExtRun run(Bytes numbers, std::size_t i, std::uint64_t logical);
};

}  // namespace drydock::fs
