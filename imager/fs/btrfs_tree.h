#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "fs/btrfs_chunks.h"
#include "fs/btrfs_super.h"
#include "fs/read.h"

namespace drydock::fs {

// Object numbers of trees, also the owners that their blocks name.
enum BtrfsTreeId : std::uint64_t {
  kBtrfsRootTree = 1,
  kBtrfsExtentTree = 2,
  kBtrfsChunkTree = 3,
  kBtrfsDeviceTree = 4,
  kBtrfsFsTree = 5,
  kBtrfsFirstSubvolume = 256,
  kBtrfsFreeSpaceTree = 10,
  kBtrfsBlockGroupTree = 11,
  kBtrfsLogTree = ~std::uint64_t{5},  // -6
  kBtrfsLastSubvolume = ~std::uint64_t{255},
};

// What points at a tree block says about it.
struct BtrfsRef {
  std::uint64_t logical = 0;
  std::uint64_t generation = 0;
  std::uint8_t level = 0;
  std::uint64_t owner = 0;  // 0: snapshots may share it, so that its owner is not known

  auto operator<=>(const BtrfsRef&) const = default;
};

// A tree block that was found in order. Views bytes that the caller holds.
class BtrfsNode {
 public:
  BtrfsNode(Bytes bytes, const BtrfsRef& ref);

  const BtrfsRef& ref() const { return ref_; }
  bool leaf() const { return ref_.level == 0; }
  std::uint32_t size() const { return items_; }
  BtrfsKey key(std::uint32_t i) const;
  Bytes item(std::uint32_t i) const;      // of a leaf
  BtrfsRef child(std::uint32_t i) const;  // of an inner block
  // Nothing when the keys ascend and every item lies in the block, else what is wrong.
  std::string fault() const;

 private:
  Bytes bytes_;
  BtrfsRef ref_;
  std::uint32_t items_ = 0;
};

// Reads the tree blocks of one filesystem. For one thread; super and chunks must outlive it.
class BtrfsTrees {
 public:
  using Visit = std::function<Result<void>(const BtrfsNode& leaf)>;
  using VisitItem = std::function<Result<bool>(const BtrfsKey& key, Bytes item)>;

  BtrfsTrees(const io::BlockSource& volume, const BtrfsSuper& super, const BtrfsChunks& chunks)
      : super_(super), chunks_(chunks), window_(volume) {}

  // All leaves of a tree in the order of their keys, each read once.
  Result<void> walk(const BtrfsRef& root, const Visit& visit);
  // Every item whose key lies between the two, these included, in order; false stops the search.
  Result<void> search(const BtrfsRef& root, const BtrfsKey& first, const BtrfsKey& last,
                      const VisitItem& visit);
  // One block: read, checked against all that is known of it. Into `bytes`, which the node views.
  Result<BtrfsNode> read(const BtrfsRef& ref, std::vector<std::byte>& bytes);

  const BtrfsSuper& super() const { return super_; }

 private:
  struct Search {
    BtrfsKey first;
    BtrfsKey last;
    const VisitItem& visit;
  };
  Result<bool> search_below(const BtrfsRef& block, const BtrfsKey& low, const BtrfsKey& high,
                            const Search& search);
  Result<void> walk_leaves(const BtrfsNode& parent, const Visit& visit);
  Result<void> check_order(const BtrfsNode& leaf);

  const BtrfsSuper& super_;
  const BtrfsChunks& chunks_;
  Window window_;
  BtrfsKey last_;  // of the leaves that walk() has seen
  bool any_seen_ = false;
};

}  // namespace drydock::fs
