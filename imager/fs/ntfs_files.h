#pragma once

#include "fs/files.h"
#include "fs/ntfs_volume.h"

namespace drydock::fs {

// The files of an NTFS volume. A file's number is its reference, packed. What is compressed,
// encrypted or sparse is refused, and what a reparse point stands for (a link, or contents that
// Windows keeps elsewhere) is none of the known kinds. `volume` outlives this.
class NtfsFiles : public Files {
 public:
  explicit NtfsFiles(const NtfsVolume& volume) : volume_(volume) {}

  Result<FileNode> root() override;
  Result<FileNode> node(std::uint64_t id) override;
  // A file's short (8.3) name is left out where it has a long one.
  Result<void> list(const FileNode& folder, const Visit& visit) override;
  Result<void> read(const FileNode& file, std::uint64_t offset, MutableBytes into) override;
  // What is compressed is told by its units (of 16 clusters, say); of what Windows compresses in a
  // stream beside the contents, all.
  Result<void> pieces(const FileNode& file, const VisitPiece& visit) override;
  // Upper and lower case are the same in ASCII.
  Result<std::optional<std::uint64_t>> find(const FileNode& folder, std::string_view name) override;

 private:
  Result<const NtfsStream*> contents(std::uint64_t id);
  void tell_pieces(const NtfsStream& stream, const VisitPiece& visit) const;

  const NtfsVolume& volume_;
  std::uint64_t held_id_ = 0;
  NtfsStream held_;
};

}  // namespace drydock::fs
