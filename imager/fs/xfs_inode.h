#pragma once

#include "base/bytes.h"
#include "fs/xfs_tree.h"

namespace drydock::fs {

// One of the two forks of an inode: where its contents or its attributes are.
struct XfsFork {
  enum Format : std::uint8_t { kDevice = 0, kLocal = 1, kExtents = 2, kTree = 3 };

  std::uint8_t format = 0;
  Bytes bytes;
  std::uint64_t extents = 0;
  bool elsewhere = false;  // its extents are of the realtime device
};

// 1 bit "unwritten", 54 bits place in the file, 52 bits first block, 21 bits count.
struct XfsExtent {
  static constexpr std::size_t kBytes = 16;

  bool unwritten = false;
  std::uint64_t place = 0;
  std::uint64_t first = 0;
  std::uint64_t count = 0;

  static XfsExtent decode(Bytes record);
};

// An inode ("On-disk Inode"), whose bytes outlive it. All but check() may be called only after that
// succeeded.
struct XfsInode {
  std::uint64_t number = 0;
  Bytes bytes;
  ByteReader fields{bytes};

  // Fails unless it is a sound inode of that number.
  Result<void> check(const XfsSuper& super) const;

  bool is_v3() const { return fields.u8(4) == 3; }
  bool has_attributes() const { return fields.u8(82) != 0; }
  XfsFork data(const XfsSuper& super) const;
  XfsFork attributes() const;
  // Of a fork that has the root of an extent tree: level, number of pointers, keys, pointers.
  Result<XfsTree::Root> tree_root(const XfsFork& fork) const;

  std::unexpected<Error> damaged(std::string_view what) const;

 private:
  std::size_t core_bytes() const { return is_v3() ? 176 : 100; }
  bool has_wide_counts() const { return is_v3() && (fields.be64(120) & 0x10) != 0; }
  bool is_realtime() const { return (fields.be16(90) & 1) != 0; }
  std::size_t data_end() const {
    return has_attributes() ? core_bytes() + std::size_t{fields.u8(82)} * 8 : bytes.size();
  }
};

}  // namespace drydock::fs
