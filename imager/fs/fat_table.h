#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/units.h"
#include "fs/fat_boot.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {

// Entry 1 tells on FAT16 and FAT32 whether the volume was unmounted and free of I/O errors.
struct FatFlags {
  bool clean = true;
  bool no_errors = true;
};

// The file allocation table of a volume whose boot sector makes sense. The volume must outlive it.
class FatTable {
 public:
  // `boot` outlives this.
  FatTable(const io::BlockSource& volume, const FatBoot& boot);

  // Reads every copy once, side by side, and maps the clusters that are not free. Fails with the
  // reason when the copies differ.
  Result<void> map(UsedMap& used);
  // After it: how many clusters are free, bad, and neither.
  std::uint64_t free() const { return free_; }
  std::uint64_t bad() const { return bad_; }
  std::uint64_t used() const { return boot_.clusters - free_ - bad_; }

  // What stands in the table for a cluster, or in the entries 0 and 1: in the first copy that can
  // be read there, of those that are kept up to date.
  Result<std::uint32_t> at(std::uint64_t cluster);
  bool is_end(std::uint32_t entry) const { return entry >= end_mark(); }
  bool is_cluster(std::uint64_t number) const { return number >= 2 && number < boot_.clusters + 2; }

  Result<FatFlags> flags();

 private:
  static constexpr std::uint64_t kMostHeld = 32 * kMiB;

  struct Copy {
    std::uint64_t offset = 0;
    Window window;
    std::uint64_t lost = UINT64_MAX;  // a sector of it that could not be read
  };

  std::uint32_t end_mark() const;
  std::uint64_t entry_bits() const { return static_cast<std::uint64_t>(boot_.kind); }
  std::uint64_t bytes() const;
  Result<Bytes> any_copy(std::uint64_t offset, std::size_t length);
  Result<std::vector<std::byte>> piece(std::uint64_t offset, std::size_t length) const;
  void map(Bytes piece, std::uint64_t first, std::uint64_t end, UsedMap& used);

  const io::BlockSource& volume_;
  const FatBoot& boot_;
  std::vector<Copy> copies_;
  std::vector<std::byte> held_;  // all of it after map(), where it is not too large
  std::uint64_t free_ = 0;
  std::uint64_t bad_ = 0;
};

}  // namespace drydock::fs
