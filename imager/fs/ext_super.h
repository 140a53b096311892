#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "io/block_source.h"

namespace drydock::fs {

// The superblock of an ext2, ext3 or ext4 volume, 1024 bytes at offset 1024 (Linux kernel,
// Documentation/filesystems/ext4/super.rst). Block numbers count from the start of the volume.
struct ExtSuper {
  static constexpr std::uint64_t kOffset = 1024;
  static constexpr std::size_t kBytes = 1024;

  enum Compat : std::uint32_t { kHasJournal = 0x4, kSparseSuper2 = 0x200 };
  enum Incompat : std::uint32_t {
    kFileType = 0x2,
    kRecover = 0x4,
    kJournalDevice = 0x8,
    kMetaBg = 0x10,
    k64Bit = 0x80,
    kMmp = 0x100,
    kFlexBg = 0x200,
    kEaInode = 0x400,
    kCsumSeed = 0x2000,
  };
  enum RoCompat : std::uint32_t {
    kSparseSuper = 0x1,
    kGdtCsum = 0x10,
    kBigalloc = 0x200,
    kMetadataCsum = 0x400,
  };
  enum State : std::uint16_t { kValid = 1, kError = 2 };

  std::array<std::byte, kBytes> raw{};
  std::uint32_t compat = 0;
  std::uint32_t incompat = 0;
  std::uint32_t ro_compat = 0;
  std::uint32_t revision = 0;
  std::uint16_t state = 0;

  std::uint32_t log_block = 0;    // as stored: the block is 1024 << log_block bytes
  std::uint32_t log_cluster = 0;  // the same for the unit of allocation
  std::uint64_t blocks = 0;
  std::uint64_t free_blocks = 0;
  std::uint32_t first_data_block = 0;  // where group 0 begins
  std::uint32_t blocks_per_group = 0;
  std::uint32_t clusters_per_group = 0;
  std::uint32_t inodes = 0;
  std::uint32_t free_inodes = 0;
  std::uint32_t inodes_per_group = 0;
  std::uint32_t inode_bytes = 0;
  std::uint32_t descriptor_bytes = 0;
  std::uint32_t reserved_gdt_blocks = 0;
  std::uint32_t first_meta_bg = 0;
  std::uint32_t journal_inode = 0;
  std::array<std::uint32_t, 2> backup_groups{};
  std::uint64_t mmp_block = 0;
  std::string label;
  std::string uuid;

  // Nothing when the magic number is missing. Nothing else is checked.
  static std::optional<ExtSuper> decode(Bytes bytes);

  // Fails with the reason when any number is out of bounds, any flag unknown, the checksum wrong or
  // the filesystem larger than the volume. Everything below may be called only after it has
  // succeeded.
  Result<void> check(std::uint64_t volume_bytes) const;
  // Fails with the reason when the system that used it did not leave it in order; a journal that
  // keeps it in order may still have to be replayed.
  Result<void> check_state() const;

  bool has(Compat flag) const { return (compat & flag) != 0; }
  bool has(Incompat flag) const { return (incompat & flag) != 0; }
  bool has(RoCompat flag) const { return (ro_compat & flag) != 0; }
  bool has_group_checksums() const { return has(kGdtCsum) || has(kMetadataCsum); }

  std::uint32_t block_bytes() const { return 1024u << log_block; }
  std::uint32_t cluster_blocks() const { return 1u << (log_cluster - log_block); }
  std::uint64_t cluster_bytes() const { return std::uint64_t{1024} << log_cluster; }
  std::uint32_t groups() const;
  std::uint32_t checksum_seed() const;

 private:
  Result<void> check_flags() const;
  Result<void> check_numbers(std::uint64_t volume_bytes) const;
  Result<void> check_checksum() const;
};

// A number as checksums cover it that begin with one, of a group or an inode.
inline std::array<std::byte, 4> as_le32(std::uint32_t value) {
  std::array<std::byte, 4> bytes;
  store_le(bytes.data(), value);
  return bytes;
}

}  // namespace drydock::fs
