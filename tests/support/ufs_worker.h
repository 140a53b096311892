// Changes a UFS volume as its system would, where no program here can: makefs only makes them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "core/extent_map.h"

namespace drydock::test {

// Understands what makefs makes, of either version and byte order. What it did is in the file as
// soon as a call returns.
class UfsWorker {
 public:
  explicit UfsWorker(std::filesystem::path volume) : volume_(std::move(volume)) {}

  // Deletes the regular files whose names begin so, except for those with blocks of pointers.
  // Returns how many there were.
  unsigned delete_files(std::string_view prefix);

  // makefs puts the superblock of a UFS2 at 8 KiB, where few programs look for it. Puts it at
  // 64 KiB, where newfs does: into inodes that were never written, or over its own copy.
  void move_superblock();

  // Gives the superblock and the cylinder groups the check hashes that FreeBSD keeps.
  void add_check_hashes();

  // The superblock in use, cylinder group headers, the table of counts and the inodes.
  ExtentMap metadata();

 private:
  std::filesystem::path volume_;
};

}  // namespace drydock::test
