#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "io/block_source.h"

namespace drydock::fs {

inline constexpr std::uint64_t kF2fsBlock = 4096;
inline constexpr std::uint64_t kF2fsSegment = 512;  // blocks

// The superblock, at offset 1024 of block 0 and of block 1. Areas follow each other from
// `checkpoints` on, all counted in blocks from the start of the volume: two segments of
// checkpoints, segment table (SIT), node table (NAT), summaries, the main area.
struct F2fsSuper {
  std::uint32_t block_bits = 0;
  std::uint32_t segment_bits = 0;
  std::uint64_t blocks = 0;
  std::uint64_t checkpoint_segments = 0;
  std::uint64_t sit_segments = 0;
  std::uint64_t nat_segments = 0;
  std::uint64_t summary_segments = 0;
  std::uint64_t main_segments = 0;
  std::uint64_t segment_0 = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t sit = 0;
  std::uint64_t nat = 0;
  std::uint64_t summaries = 0;
  std::uint64_t main = 0;
  std::uint32_t node_inode = 0;
  std::uint32_t meta_inode = 0;
  std::uint64_t payload = 0;  // blocks of version bitmaps behind the first one of a checkpoint
  std::uint32_t features = 0;
  std::string uuid;
  std::string label;

  // From the first copy that has the magic number; nothing when neither has.
  static Result<std::optional<F2fsSuper>> read(const io::BlockSource& volume);

  // Fails with the reason when Drydock must not trust it. All but has() may be called only after it
  // has succeeded.
  Result<void> check(std::uint64_t volume_bytes) const;

  enum Feature : std::uint32_t {
    kZoned = 0x2,
    kFlexibleInlineXattr = 0x40,
    kChecksum = 0x800,
    kReadOnly = 0x4000,
  };
  bool has(Feature feature) const { return (features & feature) != 0; }

  std::uint64_t end() const { return main + main_segments * kF2fsSegment; }
  bool in_main(std::uint64_t block) const { return block >= main && block < end(); }
  // Both tables are there twice; of each block a bit of the checkpoint tells which one counts.
  std::uint64_t sit_blocks() const { return sit_segments / 2 * kF2fsSegment; }
  std::uint64_t nat_blocks() const { return nat_segments / 2 * kF2fsSegment; }

 private:
  Result<void> check_copies() const;
  Result<void> check_areas() const;

  std::vector<std::byte> copies_;
};

// F2FS numbers bits from the most significant one of the first byte. The bit lies inside.
inline bool f2fs_bit(Bytes bits, std::uint64_t number) {
  return (std::to_integer<unsigned>(bits[number / 8]) << number % 8 & 0x80) != 0;
}

// CRC-32 without inversions, as all of F2FS uses it.
std::uint32_t f2fs_checksum(Bytes bytes);

}  // namespace drydock::fs
