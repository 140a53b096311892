#pragma once

#include "fs/cluster_files.h"
#include "fs/fat_entry.h"
#include "fs/fat_table.h"

namespace drydock::fs {

// The files of a FAT12, FAT16 or FAT32 volume, by their long names where these are whole. How long
// a folder is stands nowhere: it has 0 bytes. The sizes of `boot` have been checked; it, `table`
// and the volume outlive this.
class FatFiles : public ClusterFiles {
 public:
  FatFiles(const io::BlockSource& volume, const FatBoot& boot, FatTable& table);

  Result<FileNode> root() override;
  // `id` is where the entry with the short name lies, in bytes.
  Result<FileNode> node(std::uint64_t id) override;
  Result<void> list(const FileNode& folder, const Visit& visit) override;

 private:
  Result<FatEntry> entry(std::uint64_t id);
  Result<ClusterChain> chain_of(const FileNode& file) override;
  Result<std::uint32_t> next_cluster(std::uint32_t cluster) override;

  const FatBoot& boot_;
  FatTable& table_;
  Extent fixed_root_;  // of FAT12 and FAT16
};

}  // namespace drydock::fs
