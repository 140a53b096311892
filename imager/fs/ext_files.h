#pragma once

#include "fs/ext_groups.h"
#include "fs/ext_inode.h"
#include "fs/ext_tree.h"
#include "fs/files.h"
#include "fs/read.h"

namespace drydock::fs {

// The files of an ext2, ext3 or ext4 volume. What is encrypted is refused. `super` has been
// checked; it and the volume outlive this.
class ExtFiles : public Files {
 public:
  ExtFiles(const ExtSuper& super, const io::BlockSource& volume)
      : super_(super), groups_(super, volume), inodes_(volume, kWindow), blocks_(volume, kWindow) {}

  Result<FileNode> root() override { return node(ExtInode::kRootFolder); }
  Result<FileNode> node(std::uint64_t id) override;
  Result<void> list(const FileNode& folder, const Visit& visit) override;
  Result<void> read(const FileNode& file, std::uint64_t offset, MutableBytes into) override;
  Result<void> pieces(const FileNode& file, const VisitPiece& visit) override;

  // Where the first `blocks` blocks of a file are, holes included; fails when that takes more than
  // `most` pieces.
  Result<std::vector<ExtRun>> runs(std::uint64_t id, std::uint64_t blocks, std::size_t most);

 private:
  static constexpr std::size_t kWindow = 64 * kKiB;

  Result<Bytes> inode_bytes(std::uint64_t id);  // valid until the next call
  // Blocks of the file from `logical` on, as many as are known at once; a hole: block 0.
  Result<ExtRun> run_at(const ExtInode& inode, std::uint64_t logical);
  Result<ExtRun> run_by_extents(const ExtInode& inode, std::uint64_t logical);
  Result<ExtRun> run_by_numbers(const ExtInode& inode, std::uint64_t logical);
  Result<Bytes> block(std::uint64_t number);
  Result<void> read_blocks(const ExtInode& inode, std::uint64_t offset, MutableBytes into);
  Result<bool> list_block(const ExtInode& folder, std::uint64_t at, MutableBytes block,
                          const Visit& visit);
  Result<bool> list_entries(Bytes entries, const Visit& visit) const;

  const ExtSuper& super_;
  ExtGroups groups_;
  Window inodes_;
  Window blocks_;
};

}  // namespace drydock::fs
