#pragma once

#include <vector>

#include "fs/files.h"
#include "fs/read.h"
#include "fs/xfs_inode.h"

namespace drydock::fs {

// The files of an XFS volume as they are without what waits in its log. Long targets of links,
// which lie in blocks, and files on the realtime device are refused. `super` has been checked; it
// and the volume outlive this.
class XfsFiles : public Files {
 public:
  XfsFiles(const XfsSuper& super, const io::BlockSource& volume)
      : super_(super), inodes_(volume, kWindow), blocks_(volume, kWindow) {}

  Result<FileNode> root() override { return node(super_.root); }
  Result<FileNode> node(std::uint64_t id) override;
  Result<void> list(const FileNode& folder, const Visit& visit) override;
  Result<void> read(const FileNode& file, std::uint64_t offset, MutableBytes into) override;
  Result<void> pieces(const FileNode& file, const VisitPiece& visit) override;

 private:
  static constexpr std::size_t kWindow = 64 * kKiB;

  Result<XfsInode> inode(std::uint64_t id);  // valid until the next call
  using VisitExtent = std::function<Result<void>(const XfsExtent& extent)>;
  Result<void> each_extent(const XfsInode& inode, const XfsFork& fork, const VisitExtent& visit);
  Result<std::vector<XfsExtent>> extents(const XfsInode& inode, const XfsFork& fork);
  Result<void> read_extents(const FileNode& file, std::span<const XfsExtent> extents,
                            std::uint64_t offset, MutableBytes into) const;
  Result<void> list_short(const FileNode& folder, Bytes fork, const Visit& visit) const;
  Result<void> list_blocks(const FileNode& folder, std::span<const XfsExtent> extents,
                           const Visit& visit) const;
  Result<bool> list_block_at(const FileNode& folder, std::span<const XfsExtent> extents,
                             std::uint64_t at, MutableBytes block, const Visit& visit) const;
  Result<bool> list_block(const FileNode& folder, Bytes block, const Visit& visit) const;

  const XfsSuper& super_;
  Window inodes_;
  Window blocks_;
};

}  // namespace drydock::fs
