// Tiny volumes, built byte by byte, for the unit tests of the filesystem drivers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/extent_map.h"
#include "io/memory_disk.h"

namespace drydock::test {

inline void put16(io::MemoryDisk& disk, std::uint64_t at, std::uint16_t value) {
  store_le(disk.content().data() + at, value);
}
inline void put32(io::MemoryDisk& disk, std::uint64_t at, std::uint32_t value) {
  store_le(disk.content().data() + at, value);
}
inline void put64(io::MemoryDisk& disk, std::uint64_t at, std::uint64_t value) {
  store_le(disk.content().data() + at, value);
}
inline void flip(io::MemoryDisk& disk, std::uint64_t bit) {
  disk.content()[bit / 8] ^= std::byte{1} << (bit % 8);
}
inline void put_text(io::MemoryDisk& disk, std::uint64_t at, std::string_view text) {
  std::ranges::copy(as_bytes(text), disk.content().begin() + static_cast<std::ptrdiff_t>(at));
}

// Why a volume is kept whole, or nothing.
inline std::string reason(const Result<ExtentMap>& used) {
  return used ? "" : used.error().what;
}

// ext: two groups of 256 blocks of 1024 bytes, the second one short (200 blocks). Used are the
// metadata of both groups (blocks 1 to 6 and 257 to 262) and the blocks of three inodes: 20 (a node
// of extents) to 24, 25 (block numbers) to 29, 300.
struct ExtVolume {
  static constexpr std::uint64_t kBlock = 1024;
  static constexpr std::uint64_t kBlocks = 1 + 256 + 200;
  static constexpr std::uint64_t kBytes = kBlocks * kBlock;

  // With metadata_csum all checksums are right; seal() makes them so again after a change.
  explicit ExtVolume(bool checksums = false);
  void seal();
  ExtentMap expected() const;

  io::MemoryDisk disk{kBytes};
  bool checksums;
};

// FAT with clusters of one 512-byte sector, of which 2 (FAT32: the root), 5 to 8 (a file) and the
// last one (a folder) are used and 9 is bad.
struct FatVolume {
  explicit FatVolume(unsigned bits);                           // 12, 16 or 32
  void set_entry(std::uint64_t cluster, std::uint32_t value);  // in both copies
  // Of the root directory; `name` with the attributes behind it.
  void put_root_entry(unsigned place, std::string_view name, std::uint32_t cluster,
                      std::uint32_t bytes);
  ExtentMap expected() const;

  unsigned bits;
  std::uint64_t clusters;
  std::uint64_t reserved;
  std::uint64_t fat_sectors;
  std::uint64_t root_sectors;
  io::MemoryDisk disk;

  std::uint64_t fat_offset(unsigned copy) const { return (reserved + copy * fat_sectors) * 512; }
  std::uint64_t data_offset() const { return fat_offset(2) + root_sectors * 512; }
};

// Swap of 32 pages of 4096 bytes in a volume of 33.
io::MemoryDisk swap_volume();

}  // namespace drydock::test
