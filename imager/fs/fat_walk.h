#pragma once

#include <vector>

#include "fs/fat_table.h"

namespace drydock::fs {

// Walks all folders, the second witness of what is used: the chain of clusters of every file and
// folder must run through used clusters to its end, be as long as the file, and no cluster may be
// in two of them. `boot` and `table` outlive this; the table has been mapped.
class FatWalk {
 public:
  FatWalk(const io::BlockSource& volume, const FatBoot& boot, FatTable& table)
      : volume_(volume), boot_(boot), table_(table) {}

  // Fails with the reason when anything disagrees.
  Result<void> run();

  // Clusters in the chains that were found.
  std::uint64_t reached() const { return reached_; }

 private:
  Result<void> walk_fixed_root();
  Result<void> walk_folder(std::uint32_t first);
  Result<bool> walk_entries(Bytes entries);  // whether there may be more
  Result<void> walk_file(std::uint32_t first, std::uint64_t bytes);
  // The cluster behind one in its chain; 0 behind the last one.
  Result<std::uint32_t> next(std::uint32_t cluster);

  const io::BlockSource& volume_;
  const FatBoot& boot_;
  FatTable& table_;
  std::vector<std::uint32_t> folders_;  // first clusters of those yet to be walked
  std::vector<std::byte> buffer_;
  std::uint64_t reached_ = 0;
};

}  // namespace drydock::fs
