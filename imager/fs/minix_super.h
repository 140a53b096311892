#pragma once

#include <cstdint>
#include <optional>

#include "base/checked.h"
#include "base/result.h"
#include "io/block_source.h"

namespace drydock::fs {

// The superblock, at offset 1024. The boot block and it come first, then the inode map, the zone
// map and the inodes; zones are numbered from the start of the volume.
struct MinixSuper {
  static constexpr std::uint64_t kMaps = 2;  // the block in which the inode map begins

  unsigned version = 0;
  std::uint32_t block_bytes = 1024;
  std::uint64_t inodes = 0;  // numbered from 1
  std::uint64_t zones = 0;
  std::uint64_t inode_map_blocks = 0;
  std::uint64_t zone_map_blocks = 0;
  std::uint64_t first_data = 0;
  std::uint32_t log_zone = 0;
  bool clean = true;  // version 3 does not tell
  bool errors = false;
  std::uint32_t must_know = 0;  // version 3, as MINIX 3 uses it: flags that forbid to go on

  // Nothing when the magic number is missing or the numbers cannot be meant: two bytes prove
  // little.
  static Result<std::optional<MinixSuper>> read(const io::BlockSource& volume);

  // Fails with the reason when Drydock must not trust it. Everything below may be called only after
  // it has succeeded.
  Result<void> check(std::uint64_t volume_bytes) const;

  std::uint32_t inode_bytes() const { return version == 1 ? 32 : 64; }
  std::uint64_t bits_per_block() const { return std::uint64_t{block_bytes} * 8; }
  std::uint64_t inodes_at() const { return kMaps + inode_map_blocks + zone_map_blocks; }
  std::uint64_t inode_blocks() const {
    return div_ceil<std::uint64_t>(inodes, block_bytes / inode_bytes());
  }
  // Bit 0 of either map stands for nothing and is set.
  std::uint64_t inode_bits() const { return inodes + 1; }
  std::uint64_t zone_bits() const { return zones - first_data + 1; }
};

}  // namespace drydock::fs
