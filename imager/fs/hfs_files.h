#pragma once

#include <functional>
#include <optional>
#include <string>

#include "fs/files.h"
#include "fs/hfs_catalog.h"
#include "fs/hfs_fork.h"
#include "fs/hfs_search.h"
#include "io/slice.h"

namespace drydock::fs {

// The files of an HFS Plus or HFSX volume (TN1150), however damaged: what is left of its trees is
// read. A file's number is the one it has in the catalog, and above these 32 bits the catalog's
// node that has its record; the root folder's is 2. Hard links to files are followed; those to
// folders are of no known kind, and the folders themselves stand in ".HFS+ Private Directory Data".
// Resource forks are not spoken of, but for the one that holds a compressed file, which is told as
// pieces and cannot be read.
class HfsFiles : public Files {
 public:
  // `inner` is where in `volume` the HFS Plus volume lies. The blocks of `header` must be possible.
  // `volume` outlives this.
  HfsFiles(const io::BlockSource& volume, Extent inner, HfsHeader header);

  Result<FileNode> root() override { return node(kHfsRootFolder); }
  Result<FileNode> node(std::uint64_t id) override;
  Result<void> list(const FileNode& folder, const Visit& visit) override;
  Result<void> read(const FileNode& file, std::uint64_t offset, MutableBytes into) override;
  // Those of a compressed file stand all for the whole of it.
  Result<void> pieces(const FileNode& file, const VisitPiece& visit) override;

 private:
  enum ForkKind : std::uint8_t { kData = 0, kResource = 0xFF };
  // Told of eight extents and of their place in the file, in blocks.
  using VisitExtents = std::function<Result<void>(std::uint64_t first, const HfsExtents& extents)>;

  void open(HfsForkReader& file, const HfsFork& fork, std::uint32_t number);
  Result<void> each_extents(std::uint32_t file, ForkKind kind, const HfsFork& fork,
                            const VisitExtents& visit);
  Result<HfsCatalogRecord> record(std::uint64_t id);
  Result<std::uint64_t> target_of(const HfsCatalogRecord& link);
  Result<std::uint32_t> folder_of_links();
  // Of a compressed file: how long it is unpacked.
  Result<std::uint64_t> unpacked_bytes(std::uint32_t file);
  Result<void> tell_pieces(const FileNode& file, const HfsCatalogRecord& record,
                           const VisitPiece& visit);
  Result<const HfsForkReader*> contents(std::uint64_t id);

  std::uint64_t start_;  // of the HFS Plus volume
  io::SliceSource inner_;
  HfsHeader header_;
  HfsForkReader overflow_file_, catalog_file_, attributes_file_;
  HfsSearch overflow_, catalog_, attributes_;
  std::optional<std::uint32_t> folder_of_links_;
  std::uint64_t held_id_ = 0;
  std::optional<HfsForkReader> held_;  // of the file read last
};

}  // namespace drydock::fs
