#pragma once

#include "fs/cluster_files.h"
#include "fs/exfat_volume.h"

namespace drydock::fs {

// The files of an exFAT volume. Entry sets that are not whole, or whose checksum is wrong, are left
// out, and the list ends in an Error. The kind and the sizes of `boot` have been checked; it and
// the volume outlive this.
class ExfatFiles : public ClusterFiles {
 public:
  ExfatFiles(const io::BlockSource& volume, const ExfatBoot& boot);

  Result<FileNode> root() override;
  // `id` is where the stream entry lies, in bytes, and 1 more for a folder: that stands in the
  // entry before, which may lie elsewhere.
  Result<FileNode> node(std::uint64_t id) override;
  Result<void> list(const FileNode& folder, const Visit& visit) override;

 private:
  struct Stream {
    ClusterChain written;
    std::uint64_t bytes = 0;
  };

  Result<Stream> stream(std::uint64_t id);
  Result<ClusterChain> chain_of(const FileNode& file) override;
  Result<std::uint32_t> next_cluster(std::uint32_t cluster) override;

  const ExfatBoot& boot_;
  Window fat_;
};

}  // namespace drydock::fs
