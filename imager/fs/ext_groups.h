#pragma once

#include "core/extent.h"
#include "fs/ext_super.h"
#include "fs/read.h"

namespace drydock::fs {

// A block group's descriptor (kernel, Documentation/filesystems/ext4/group_descr.rst).
struct ExtGroup {
  enum Flags : std::uint16_t { kInodeUninit = 1, kBlockUninit = 2 };

  std::uint64_t block_bitmap = 0;  // block numbers
  std::uint64_t inode_bitmap = 0;
  std::uint64_t inode_table = 0;
  std::uint64_t free_clusters = 0;
  std::uint32_t free_inodes = 0;
  std::uint16_t flags = 0;
  std::uint32_t block_checksum = 0;  // of the bitmaps; with descriptors of 32 bytes the low 16 bits
  std::uint32_t inode_checksum = 0;

  bool has(Flags flag) const { return (flags & flag) != 0; }
};

// Where a volume's groups and their metadata are. `super` has been checked and outlives this.
class ExtGroups {
 public:
  ExtGroups(const ExtSuper& super, const io::BlockSource& volume)
      : super_(super), seed_(super.checksum_seed()), window_(volume, 64 * kKiB) {}

  // The descriptor of a group, its checksum verified and every block it names inside the volume.
  Result<ExtGroup> descriptor(std::uint32_t group);

  // Whether a bitmap, of one block, has the checksum that its descriptor tells.
  bool block_checksum_matches(const ExtGroup& group, Bytes bitmap) const;
  bool inode_checksum_matches(const ExtGroup& group, Bytes bitmap) const;

  std::uint64_t first_block(std::uint32_t group) const;
  std::uint32_t blocks_in(std::uint32_t group) const;
  // Blocks at the start of the group that hold the superblock, descriptors and room for more.
  std::uint64_t leading_metadata(std::uint32_t group) const;
  std::uint64_t inode_table_blocks() const;
  bool has_superblock(std::uint32_t group) const;

 private:
  std::uint64_t descriptors_per_block() const {
    return super_.block_bytes() / super_.descriptor_bytes;
  }
  std::uint64_t descriptor_blocks() const;
  std::uint64_t descriptor_block(std::uint32_t group) const;
  bool matches(std::uint32_t told, Bytes bitmap) const;
  Result<void> check_descriptor(std::uint32_t group, Bytes bytes, const ExtGroup& found) const;

  const ExtSuper& super_;
  std::uint32_t seed_;
  Window window_;
};

// CRC-16 as uninit_bg uses it (reflected 0x8005, no inversion).
std::uint16_t crc16(std::uint16_t crc, Bytes bytes);

}  // namespace drydock::fs
