#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fs/read.h"
#include "fs/xfs_super.h"

namespace drydock::fs {

// What the B+trees of XFS differ in ("Variable Length Record B+trees"). Pointers of 4 bytes are
// block numbers in the group that has the tree, those of 8 bytes are of the whole filesystem.
struct XfsTreeKind {
  std::string_view name;
  std::string_view magic;
  std::string_view magic_v5;
  std::size_t record_bytes;
  std::size_t key_bytes;  // in nodes; both keys where there are two
  std::size_t pointer_bytes = 4;
};

inline constexpr XfsTreeKind kXfsFreeByPlace{"free-space tree by place", "ABTB", "AB3B", 8, 8};
inline constexpr XfsTreeKind kXfsFreeBySize{"free-space tree by size", "ABTC", "AB3C", 8, 8};
inline constexpr XfsTreeKind kXfsInodes{"inode tree", "IABT", "IAB3", 16, 4};
inline constexpr XfsTreeKind kXfsFreeInodes{"free-inode tree", "FIBT", "FIB3", 16, 4};
inline constexpr XfsTreeKind kXfsOwners{"reverse-mapping tree", "RMB3", "RMB3", 24, 40};
inline constexpr XfsTreeKind kXfsShared{"reference-count tree", "R3FC", "R3FC", 12, 4};
inline constexpr XfsTreeKind kXfsFileExtents{"extent tree", "BMAP", "BMA3", 16, 8, 8};

// The records of a tree, from the first to the last. Every block is checked before it is used: its
// kind, level, checksum, own address, owner and neighbours. Whether records are in order is for the
// caller to check, who thereby also sees to it that this ends: every block has a record.
class XfsTree {
 public:
  struct Root {
    std::vector<std::uint64_t> blocks;  // all of the highest level, from left to right
    unsigned levels;                    // that level is this minus 1
    std::uint64_t owner;                // a group or an inode
  };
  // Told of every block of the tree by its offset in the volume.
  using Visit = std::function<Result<void>(std::uint64_t offset)>;

  // All references outlive this. `levels` is at least 1 and at most kMostLevels.
  static constexpr unsigned kMostLevels = 16;
  XfsTree(const XfsSuper& super, Window& window, const XfsTreeKind& kind, Root root, Visit visit);

  // Valid until the next call; empty behind the last one.
  Result<Bytes> next();

  std::uint64_t blocks() const { return blocks_; }  // visited so far

 private:
  static constexpr std::uint64_t kNone = ~std::uint64_t{0};

  struct Level {
    std::vector<std::byte> block = {};
    std::size_t count = 0;  // entries in it
    std::size_t next = 0;
    std::uint64_t here = kNone;
    std::uint64_t right = kNone;
  };

  std::size_t header_bytes() const;
  std::size_t most_entries(std::size_t level) const;
  std::uint64_t pointer(std::size_t offset, Bytes block) const;
  std::uint64_t child(const Level& level, std::size_t number) const;
  Result<std::uint64_t> address(std::uint64_t block) const;
  Result<void> load(std::size_t level, std::uint64_t block);
  Result<void> check_block(std::size_t level, std::uint64_t offset, Bytes block) const;
  Result<void> check_neighbours(Level& level, std::uint64_t block, Bytes bytes) const;
  Error damage(std::string_view what) const;

  const XfsSuper& super_;
  Window& window_;
  XfsTreeKind kind_;
  Root root_;
  Visit visit_;
  std::size_t next_root_ = 0;
  std::vector<Level> levels_;  // leaves first
  std::uint64_t blocks_ = 0;
};

}  // namespace drydock::fs
