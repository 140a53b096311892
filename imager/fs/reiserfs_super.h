#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "base/units.h"
#include "core/extent.h"
#include "io/block_source.h"

namespace drydock::fs {

// The superblock of ReiserFS 3.5 or 3.6 (Linux, fs/reiserfs/reiserfs.h), and where things are that
// follow from it.
struct ReiserSuper {
  static constexpr std::uint64_t kOffset = 64 * kKiB;
  // Of 3.5 before its tenth release, with another layout.
  static constexpr std::uint64_t kOldOffset = 8 * kKiB;

  enum MountState : std::uint16_t { kClean = 1 };

  bool old_layout = false;
  bool moved_journal = false;  // as the magic number tells
  std::uint32_t blocks = 0;
  std::uint32_t free_blocks = 0;
  std::uint32_t root = 0;
  std::uint32_t journal_start = 0;
  std::uint32_t journal_device = 0;  // 0: this one
  std::uint32_t journal_blocks = 0;  // without its header, which follows
  std::uint32_t journal_magic = 0;
  std::uint16_t block_bytes = 0;
  std::uint16_t mount_state = 0;
  std::uint16_t check_state = 0;  // other than 0: fsck did not finish, or is wanted
  std::uint16_t tree_height = 0;  // levels and 1
  std::uint16_t bitmaps = 0;      // 0 where they are too many for the field
  std::uint16_t version = 0;      // 0: 3.5, 2: 3.6
  std::uint32_t flags = 0;
  std::string label;
  std::string uuid;

  // Nothing when there is none at either place.
  static Result<std::optional<ReiserSuper>> read(const io::BlockSource& volume);

  // Fails with the reason when anything is out of bounds or unknown, or the filesystem is not
  // clean. Everything below may be called only after it has succeeded.
  Result<void> check(std::uint64_t volume_bytes) const;

  // A bitmap has a bit for each of so many blocks, one of which is itself.
  std::uint64_t blocks_per_bitmap() const { return std::uint64_t{block_bytes} * 8; }
  std::uint64_t bitmap_count() const;
  std::uint64_t bitmap_block(std::uint64_t number) const;
  std::uint64_t super_block() const { return kOffset / block_bytes; }
  std::uint64_t offset_of(std::uint64_t block) const { return block * block_bytes; }
  Extent journal() const;  // with its header, bytes

 private:
  Result<void> check_journal() const;
};

}  // namespace drydock::fs
