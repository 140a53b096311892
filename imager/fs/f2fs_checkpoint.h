#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "fs/f2fs_super.h"
#include "io/block_source.h"

namespace drydock::fs {

// The newer of the two checkpoints: which copies of the table blocks count, which entries of them
// are newer still (the journals), and where the logs go on.
struct F2fsCheckpoint {
  static constexpr std::size_t kSitEntry = 74;
  static constexpr std::size_t kNatEntry = 9;
  static constexpr std::uint64_t kSitEntries = kF2fsBlock / kSitEntry;  // in a block
  static constexpr std::uint64_t kNatEntries = kF2fsBlock / kNatEntry;
  static constexpr std::size_t kWarmNodes = 4;
  struct Log {
    std::uint64_t segment = 0;
    std::uint64_t offset = 0;  // of the next block in it
  };

  enum Flag : std::uint32_t {
    kUnmounted = 0x1,
    kCompactSummaries = 0x4,
    kError = 0x8,
    kNeedsFsck = 0x10,
    kFastboot = 0x20,
    kCrcRecovery = 0x40,
    kNoCrcRecovery = 0x200,
    kLargeNatBitmap = 0x400,
    kQuotaNeedsFsck = 0x800,  // nothing but the numbers in quota files
  };

  std::uint64_t version = 0;
  std::uint32_t checksum = 0;
  std::uint32_t flags = 0;
  std::uint64_t valid_blocks = 0;  // also those set aside and not written yet
  std::uint64_t valid_nodes = 0;
  std::uint64_t valid_inodes = 0;
  std::uint64_t start = 0;  // its first block
  std::uint64_t total_blocks = 0;
  std::uint64_t summary_start = 0;
  std::array<Log, 6> logs;  // of hot, warm, cold data; of hot, warm, cold nodes
  std::vector<std::byte> sit_versions;
  std::vector<std::byte> nat_versions;
  std::map<std::uint32_t, std::array<std::byte, kSitEntry>> sit_journal;  // by segment
  std::map<std::uint32_t, std::array<std::byte, kNatEntry>> nat_journal;  // by node

  // Fails when either of the two is damaged or unfinished: which one a mount would take, and what
  // it could rely on, is then in doubt. `super` has been checked.
  static Result<F2fsCheckpoint> read(const io::BlockSource& volume, const F2fsSuper& super);

  // Fails with the reason when what it stands for must not be trusted.
  Result<void> check(const F2fsSuper& super) const;

  bool has(Flag flag) const { return (flags & flag) != 0; }

 private:
  Result<void> take_bitmaps(const F2fsSuper& super, Bytes head);
  Result<void> read_journals(const io::BlockSource& volume);
};

}  // namespace drydock::fs
