#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"
#include "fs/ext_super.h"

namespace drydock::fs {

// An inode (kernel, Documentation/filesystems/ext4/inodes.rst), as far as it leads to blocks.
struct ExtInode {
  enum Flags : std::uint32_t {
    kEncrypted = 0x800,
    kExtents = 0x80000,
    kInlineData = 0x10000000,
  };
  enum Type : std::uint16_t { kFolder = 4, kFile = 8, kLink = 10 };
  static constexpr std::size_t kRootBytes = 60;
  static constexpr std::uint32_t kBadBlocks = 1;  // number of the inode that has bad blocks
  static constexpr std::uint32_t kRootFolder = 2;

  std::uint32_t number = 0;
  std::uint16_t mode = 0;
  std::uint16_t links = 0;
  std::uint32_t deleted = 0;  // when
  std::uint32_t flags = 0;
  std::uint32_t generation = 0;
  std::uint32_t sectors = 0;  // low part of the count of 512 bytes, its attribute block included
  std::uint64_t bytes = 0;
  std::uint64_t attribute_block = 0;
  std::array<std::byte, kRootBytes> root{};  // block numbers, extents, a short link or data

  // `bytes` are the whole inode. Nothing is checked.
  static ExtInode decode(const ExtSuper& super, std::uint32_t number, Bytes bytes);

  std::uint16_t type() const { return mode >> 12; }
  bool has(Flags flag) const { return (flags & flag) != 0; }
  // A link whose target stands in `root`.
  bool is_short_link(const ExtSuper& super) const;
  // Whether `root` leads to blocks, by extents or by numbers.
  bool has_blocks(const ExtSuper& super) const;
  // What the checksums of its extent blocks begin with.
  std::uint32_t checksum_seed(std::uint32_t volume_seed) const;
};

// Whether the inode has its right checksum; true where there are none.
bool inode_checksum_matches(const ExtSuper& super, std::uint32_t volume_seed, std::uint32_t number,
                            Bytes bytes);

// The contents of an attribute "system.data" in the inode behind its fields: the rest of inline
// data. Empty when there is none.
Bytes inline_rest(Bytes inode);

}  // namespace drydock::fs
