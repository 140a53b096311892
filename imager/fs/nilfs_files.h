#pragma once

#include <cstdint>

#include "fs/nilfs_super.h"
#include "fs/nilfs_tree.h"
#include "fs/used_map.h"

namespace drydock::fs {

// The two files of the super root that tell what is in use: the DAT, which gives each virtual block
// number its place, and the segment usage file, whose own blocks have such numbers.
class NilfsFiles {
 public:
  // `root` is a super root. All must outlive this; `super` has been checked.
  NilfsFiles(const io::BlockSource& volume, const NilfsSuper& super, Bytes root);
  NilfsFiles(const NilfsFiles&) = delete;
  NilfsFiles& operator=(const NilfsFiles&) = delete;

  // Keeps the segments that are not clean. Fails when they are not as many as the file counts.
  Result<void> keep_segments(UsedMap& map);

  // The independent witness: every block that the DAT knows or consists of must be in `in_use`.
  Result<void> check_blocks(const ExtentMap& in_use);

  std::uint64_t clean_segments() const { return told_clean_; }

 private:
  Result<std::uint64_t> inside(std::uint64_t block) const;
  Result<std::uint64_t> translate(std::uint64_t number);
  Result<void> take_usage(std::uint64_t key, std::uint64_t block, UsedMap& map);
  Result<void> check_dat_block(std::uint64_t key, std::uint64_t block, const ExtentMap& in_use);
  Result<void> check_block(std::uint64_t block, const ExtentMap& in_use) const;

  // The DAT has groups of entries: a block of bits, then the blocks of the entries themselves. A
  // block of descriptors stands before as many groups as it describes.
  std::uint64_t entries_in_block() const { return super_.block_bytes / 32; }
  std::uint64_t group_entries() const { return std::uint64_t{super_.block_bytes} * 8; }
  std::uint64_t group_blocks() const { return group_entries() / entries_in_block() + 1; }
  std::uint64_t groups() const { return super_.block_bytes / 4; }
  std::uint64_t described_blocks() const { return groups() * group_blocks() + 1; }

  const NilfsSuper& super_;
  Window window_;
  Window bits_;
  NilfsTree dat_;
  NilfsTree usage_;
  std::uint64_t dirty_ = 0;
  std::uint64_t told_clean_ = 0;
  std::uint64_t told_dirty_ = 0;
};

}  // namespace drydock::fs
