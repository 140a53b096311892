#pragma once

#include <array>
#include <functional>
#include <vector>

#include "fs/btrfs_extents.h"

namespace drydock::fs {

// A tree as the tree of tree roots has it.
struct BtrfsRoot {
  std::uint64_t id = 0;
  BtrfsRef ref;
  // Being deleted or moved: blocks below it may be free already.
  bool partial = false;

  // Of a subvolume or of files that are being moved: its leaves may name data.
  bool has_files() const;
  bool is_subvolume() const;  // the top of the volume too
};

constexpr std::uint8_t kBtrfsRootItem = 132;
constexpr std::uint8_t kBtrfsFileExtent = 108;
BtrfsRef btrfs_root_tree(const BtrfsSuper& super);
Result<BtrfsRoot> decode_btrfs_root(const BtrfsKey& key, Bytes item);

// The data that a leaf's file extents name, each given to `each`.
Result<void> each_btrfs_file_extent(const BtrfsNode& leaf,
                                    const std::function<Result<void>(Extent)>& each);

// Goes through trees level by level, the blocks of a level as they lie on the device and each once,
// however many snapshots share it.
class BtrfsDescent {
 public:
  using OnBlock = std::function<Result<void>(const BtrfsRef& block)>;
  using OnLeaf = std::function<Result<void>(const BtrfsNode& leaf)>;

  // `most` bounds how many blocks there can be. Without `on_leaf`, leaves are not read.
  BtrfsDescent(BtrfsTrees& trees, std::uint64_t most, OnBlock on_block, OnLeaf on_leaf = {})
      : trees_(trees), most_(most), on_block_(std::move(on_block)), on_leaf_(std::move(on_leaf)) {}

  // A root, or anything below one: `on_block` hears of it now, what is below it in run().
  Result<void> add(const BtrfsRef& block);
  Result<void> run();

 private:
  Result<void> read(const BtrfsRef& block);

  BtrfsTrees& trees_;
  std::uint64_t most_;
  OnBlock on_block_;
  OnLeaf on_leaf_;
  std::array<std::vector<BtrfsRef>, 8> pending_;
  std::vector<std::byte> bytes_;
};

// Where the chunks lie, told by the device instead of by the chunks. Fails when they disagree.
class BtrfsDeviceExtents {
 public:
  BtrfsDeviceExtents(const BtrfsSuper& super, const BtrfsChunks& chunks)
      : super_(super), chunks_(chunks) {}

  Result<void> add(const BtrfsNode& leaf);
  Result<void> finish() const;

 private:
  Result<void> add_item(const BtrfsKey& key, Bytes item);

  const BtrfsSuper& super_;
  const BtrfsChunks& chunks_;
  std::uint64_t count_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t end_ = 0;
};

}  // namespace drydock::fs
