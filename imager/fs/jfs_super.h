#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/units.h"
#include "core/extent.h"
#include "io/block_source.h"

namespace drydock::fs {

// A run of blocks.
struct JfsBlocks {
  std::uint64_t first = 0;
  std::uint64_t count = 0;

  std::uint64_t end() const { return first + count; }
  bool operator==(const JfsBlocks&) const = default;
};

// A run as three bytes of length and five of address ("pxd", Linux, fs/jfs/jfs_types.h).
JfsBlocks jfs_blocks(const ByteReader& fields, std::size_t at);

// The superblock of a JFS aggregate (Linux, fs/jfs/jfs_superblock.h). Blocks have 4096 bytes, the
// only size that Linux and jfsutils know; the volume's end is the fsck workspace and then the log.
struct JfsSuper {
  static constexpr std::uint64_t kBlock = 4 * kKiB;
  static constexpr std::uint64_t kOffset = 32 * kKiB;
  static constexpr std::uint64_t kCopy = 60 * kKiB;
  static constexpr std::uint64_t kInodes = 44 * kKiB;  // aggregate inodes 0 to 31
  static constexpr std::uint64_t kEnd = 64 * kKiB;     // of all that has a fixed place

  enum Flag : std::uint32_t { kInlineLog = 0x800, kFolderIndex = 0x200000 };
  enum State : std::uint32_t { kClean = 0, kMounted = 1, kGrowing = 8 };

  std::uint32_t version = 0;
  std::uint64_t sectors = 0;
  std::uint32_t sector_bytes = 0;
  std::uint32_t block_bytes = 0;
  std::uint32_t group_blocks = 0;
  std::uint32_t flags = 0;
  std::uint32_t state = 0;
  std::uint32_t compression = 0;
  JfsBlocks inodes_copy;
  JfsBlocks inode_map_copy;
  JfsBlocks log;
  JfsBlocks workspace;
  std::string uuid;
  std::string label;

  bool has_index() const { return (flags & kFolderIndex) != 0; }
  // Those that the block map tells of: all before the workspace.
  std::uint64_t blocks() const { return workspace.first; }
  static constexpr Extent bytes_of(const JfsBlocks& blocks) {
    return {blocks.first * kBlock, blocks.count * kBlock};
  }

  // Nothing when the magic number is not there.
  static Result<std::optional<JfsSuper>> read(const io::BlockSource& volume,
                                              std::uint64_t offset = kOffset);

  // Fail with the reason: an unknown version or flag, sizes that do not fit; not unmounted cleanly;
  // a copy that differs; a log that is to be replayed.
  Result<void> check(std::uint64_t volume_bytes) const;
  Result<void> check_state() const;
  Result<void> check_copy(const io::BlockSource& volume) const;
  Result<void> check_log(const io::BlockSource& volume) const;
};

}  // namespace drydock::fs
