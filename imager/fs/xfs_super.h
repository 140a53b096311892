#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "core/extent.h"
#include "io/block_source.h"

namespace drydock::fs {

// The superblock of an XFS volume, in its first sector and in that of every allocation group (XFS
// Algorithms & Data Structures, "Superblocks"). A block of the filesystem is named by the number of
// its group and its number in there, joined in one number with `group_shift` bits for the latter.
struct XfsSuper {
  enum VersionBit : std::uint16_t { kMoreBits = 0x8000, kDirV2 = 0x2000, kLogV2 = 0x0400 };
  enum Features2 : std::uint32_t { kLazyCounters = 0x2, kFileTypes2 = 0x200 };
  enum RoCompat : std::uint32_t { kFreeInodes = 1, kReverseMap = 2, kReflink = 4, kTreeCounts = 8 };
  enum Incompat : std::uint32_t {
    kFileTypes = 1,
    kSparseInodes = 2,
    kMetaUuid = 4,
    kNeedsRepair = 0x10
  };

  std::uint32_t block_bytes = 0;
  std::uint64_t blocks = 0;
  std::uint64_t realtime_blocks = 0;  // on a device of their own
  std::uint64_t root = 0;             // inode
  std::uint64_t log_start = 0;        // 0: on another device
  std::uint32_t group_blocks = 0;
  std::uint32_t groups = 0;
  std::uint32_t log_blocks = 0;
  std::uint16_t version_bits = 0;  // with the version in the low 4 bits
  std::uint16_t sector_bytes = 0;
  std::uint16_t inode_bytes = 0;
  std::uint16_t inodes_per_block = 0;
  std::uint8_t block_shift = 0;
  std::uint8_t sector_shift = 0;
  std::uint8_t inode_shift = 0;
  std::uint8_t group_shift = 0;
  std::uint8_t folder_shift = 0;  // blocks of the filesystem in one of a folder
  std::uint8_t in_progress = 0;
  std::uint64_t inodes = 0;
  std::uint64_t free_blocks = 0;
  std::uint32_t features2 = 0;
  std::uint32_t compat = 0;
  std::uint32_t ro_compat = 0;
  std::uint32_t incompat = 0;
  std::uint32_t log_incompat = 0;
  std::uint64_t lsn = 0;
  std::string label;
  std::string uuid;
  std::vector<std::byte> raw_uuid;   // that the log bears
  std::vector<std::byte> meta_uuid;  // that metadata blocks bear

  // Nothing when the magic number is missing. Nothing else is checked.
  static std::optional<XfsSuper> decode(Bytes bytes);
  // Nothing when the magic number is missing; an Error only when it cannot be read.
  static Result<std::optional<XfsSuper>> read(const io::BlockSource& volume);

  // Fails with the reason when any number is out of bounds, any flag unknown, the checksum wrong or
  // the filesystem larger than the volume. Everything below may be called only after it succeeded.
  Result<void> check(const io::BlockSource& volume) const;

  bool is_v5() const { return version() == 5; }
  bool has(RoCompat flag) const { return is_v5() && (ro_compat & flag) != 0; }
  bool has(Incompat flag) const { return is_v5() && (incompat & flag) != 0; }
  bool has_lazy_counters() const { return is_v5() || (features2 & kLazyCounters) != 0; }
  bool has_file_types() const { return has(kFileTypes) || (features2 & kFileTypes2) != 0; }
  bool has_log_v2() const { return is_v5() || (version_bits & kLogV2) != 0; }
  unsigned version() const { return version_bits & 0xF; }

  std::uint32_t blocks_in(std::uint32_t group) const;
  // A block of a group; both are inside.
  std::uint64_t offset_of(std::uint32_t group, std::uint64_t block) const {
    return (std::uint64_t{group} * group_blocks + block) << block_shift;
  }
  // A run of blocks, nothing when it is not inside one group.
  std::optional<Extent> run(std::uint64_t first, std::uint64_t count) const;

 private:
  Result<void> check_flags() const;
  Result<void> check_numbers(std::uint64_t volume_bytes) const;
  Result<void> check_log() const;
};

// Where in the log a block of metadata was changed last. 0 where no log has it: mkfs writes zeros,
// xfs_repair all ones.
std::uint64_t xfs_lsn(std::uint64_t field);

// Whether `bytes` have the CRC-32C that they tell at `at`, where they count as zero.
bool xfs_checksum_matches(Bytes bytes, std::size_t at);

}  // namespace drydock::fs
