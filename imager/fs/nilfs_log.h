#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "fs/nilfs_super.h"
#include "io/block_source.h"

namespace drydock::fs {

// Where a mount finds the newest checkpoint: it follows the logs from the superblock's one on, as
// far as their numbers and checksums go.
struct NilfsLogs {
  std::vector<std::byte> root;          // the block with the newest super root, checked
  std::vector<std::uint64_t> segments;  // all that a mount looks at, also where the trail ends
  bool newer = false;                   // there are logs behind that of the superblock

  // `super` has been checked.
  static Result<NilfsLogs> follow(const io::BlockSource& volume, const NilfsSuper& super);
};

}  // namespace drydock::fs
