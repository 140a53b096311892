#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "fs/f2fs_super.h"

namespace drydock::fs {

// A block of the node tree: an inode, the addresses of data blocks, the numbers of further nodes,
// or extended attributes.
class F2fsNode {
 public:
  static constexpr std::uint32_t kReserved = 0xFFFFFFFF;    // a block counted, not written yet
  static constexpr std::uint32_t kCompressed = 0xFFFFFFFE;  // the head of a compressed cluster

  // `block` has kF2fsBlock bytes.
  explicit F2fsNode(Bytes block) : f_(block) {}

  std::uint32_t number() const { return f_.le32(4072); }
  std::uint32_t inode() const { return f_.le32(4076); }
  std::uint64_t version() const { return f_.le64(4084); }
  std::uint32_t next() const { return f_.le32(4092); }
  bool is_inode() const { return number() == inode(); }

  // Where addresses of data stand in it, 0 for none. Nothing where the node has none, or keeps
  // other things in their place.
  struct Addresses {
    std::size_t at = 0;
    std::size_t count = 0;
  };
  Addresses addresses(const F2fsSuper& super) const;
  std::uint32_t address(const Addresses& all, std::size_t i) const {
    return f_.le32(all.at + i * 4);
  }

 private:
  Addresses inode_addresses(const F2fsSuper& super) const;
  bool holds_addresses() const;

  ByteReader f_;
};

}  // namespace drydock::fs
