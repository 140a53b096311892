#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "fs/btrfs_roots.h"
#include "fs/files.h"

namespace drydock::fs {

// Subvolumes in which an installed system may be: the one that is mounted by default, the top of
// the volume, then the others in the order of their making. Those being deleted are left out, and
// so is what comes after many.
Result<std::vector<BtrfsRoot>> btrfs_subvolumes(BtrfsTrees& trees);

// Where a subvolume is among the others: "/home", "" for the top of the volume; its number where
// that cannot be told.
std::string btrfs_subvolume_path(BtrfsTrees& trees, std::span<const BtrfsRoot> all,
                                 const BtrfsRoot& subvolume);

// The files of one subvolume as of the last commit, without what waits in the log. A subvolume in
// it is a node of another kind than a folder. Contents compressed by zlib or LZO are refused; zstd
// is read. All references outlive this.
class BtrfsFiles : public Files {
 public:
  BtrfsFiles(const io::BlockSource& volume, BtrfsTrees& trees, const BtrfsChunks& chunks,
             const BtrfsRef& tree)
      : volume_(volume), trees_(trees), chunks_(chunks), tree_(tree) {}

  Result<FileNode> root() override;
  Result<FileNode> node(std::uint64_t id) override;
  Result<void> list(const FileNode& folder, const Visit& visit) override;
  Result<void> read(const FileNode& file, std::uint64_t offset, MutableBytes into) override;
  // Of data that are stored twice (DUP), the first copy.
  Result<void> pieces(const FileNode& file, const VisitPiece& visit) override;
  Result<std::optional<std::uint64_t>> find(const FileNode& folder, std::string_view name) override;

 private:
  // A file extent's part of a file: where it lies in the file, and how it is stored (Btrfs
  // documentation, "On-disk Format", EXTENT_DATA).
  struct Piece {
    enum Kind : std::uint8_t { kInline = 0, kRegular = 1, kPreallocated = 2 };
    enum Compression : std::uint8_t { kNone = 0, kZlib = 1, kLzo = 2, kZstd = 3 };
    Extent in_file;
    std::uint64_t unpacked = 0;  // bytes of the whole extent
    std::uint8_t compression = kNone;
    Extent stored;                  // logical; of length 0: a hole
    std::uint64_t offset = 0;       // of the piece in the unpacked extent
    std::vector<std::byte> inside;  // what is stored in the tree itself
  };

  static Result<Piece> decode(const BtrfsKey& key, Bytes item);
  Result<void> read_piece(const Piece& piece, std::uint64_t offset, MutableBytes into) const;
  Result<std::vector<std::byte>> unpack(const Piece& piece) const;
  Result<void> read_stored(Extent logical, MutableBytes into) const;

  const io::BlockSource& volume_;
  BtrfsTrees& trees_;
  const BtrfsChunks& chunks_;
  BtrfsRef tree_;
};

}  // namespace drydock::fs
