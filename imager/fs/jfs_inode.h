#pragma once

#include <format>
#include <optional>
#include <vector>

#include "fs/jfs_super.h"
#include "fs/jfs_tree.h"
#include "fs/unix_mode.h"

namespace drydock::fs {

// An inode (Linux, fs/jfs/jfs_dinode.h).
struct JfsInode {
  static constexpr std::size_t kBytes = 512;
  static constexpr std::uint32_t kBlockMap = 2;
  static constexpr std::uint32_t kFiles = 16;  // the fileset's inode map; also the fileset's number

  Bytes bytes;
  std::string name;  // for messages
  ByteReader fields{bytes};

  bool belongs(std::uint32_t fileset, std::uint32_t number) const {
    return fields.le32(4) == fileset && fields.le32(8) == number;
  }
  std::uint64_t size() const { return fields.le64(24); }
  std::uint64_t blocks() const { return fields.le64(32); }
  std::uint16_t type() const { return static_cast<std::uint16_t>(fields.le32(52) & kModeType); }
  std::uint32_t next_index() const { return fields.le32(120); }

  JfsTree runs() const { return {JfsTree::runs, bytes.subspan(224), name}; }
  JfsTree names() const { return {JfsTree::names, bytes.subspan(224), name}; }
  // A folder's index of its entries by number, when there are too many for the inode.
  JfsTree index() const { return {JfsTree::runs, bytes.subspan(128, 96), name}; }

  // The blocks of attributes (`at` is where the inode describes them), if they have any of their
  // own. Fails on a description that is not understood.
  Result<std::optional<JfsBlocks>> attributes(std::size_t at) const;
  static constexpr std::size_t kAccess = 88;
  static constexpr std::size_t kExtended = 104;
};

// One of the aggregate's own inodes, of which only those in the fixed place are used.
Result<std::vector<std::byte>> read_jfs_aggregate_inode(const io::BlockSource& volume,
                                                        std::uint32_t number);

}  // namespace drydock::fs
