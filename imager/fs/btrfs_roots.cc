#include "fs/btrfs_roots.h"

#include <algorithm>
#include <format>

#include "base/checked.h"

namespace drydock::fs {
namespace {

constexpr std::uint8_t kDeviceExtent = 204;
constexpr std::size_t kOldRootBytes = 239;
constexpr std::uint64_t kDataRelocation = ~std::uint64_t{8};  // -9
constexpr std::uint64_t kTreeRelocation = ~std::uint64_t{7};  // -8

}  // namespace

bool BtrfsRoot::is_subvolume() const {
  return id == kBtrfsFsTree || (id >= kBtrfsFirstSubvolume && id <= kBtrfsLastSubvolume);
}

bool BtrfsRoot::has_files() const {
  return is_subvolume() || id == kDataRelocation || id == kTreeRelocation;
}

BtrfsRef btrfs_root_tree(const BtrfsSuper& super) {
  return {super.root, super.generation, super.root_level, kBtrfsRootTree};
}

Result<BtrfsRoot> decode_btrfs_root(const BtrfsKey& key, Bytes item) {
  const ByteReader f(item);
  if (item.size() < kOldRootBytes)
    return fail(doubt(std::format("the root of tree {} is damaged", key.object)));
  BtrfsRoot root;
  root.id = key.object;
  root.ref.generation = f.le64(160);
  root.ref.logical = f.le64(176);
  root.ref.level = f.u8(238);
  root.partial = f.le64(220) != 0;  // how far its deletion or move has come
  return root;
}

Result<void> each_btrfs_file_extent(const BtrfsNode& leaf,
                                    const std::function<Result<void>(Extent)>& each) {
  constexpr std::uint8_t kInline = 0;
  for (std::uint32_t i = 0; i < leaf.size(); ++i) {
    const BtrfsKey key = leaf.key(i);
    if (key.type != kBtrfsFileExtent) continue;
    const ByteReader f(leaf.item(i));
    if (f.u8(20) == kInline && f.ok()) continue;
    const Extent extent{f.le64(21), f.le64(29)};
    if (!f.ok() || !checked_add(extent.offset, extent.length))
      return fail(doubt(std::format("a file extent of inode {} is damaged", key.object)));
    if (extent.offset != 0) TRY(each(extent));
  }
  return {};
}

Result<void> BtrfsDescent::add(const BtrfsRef& block) {
  TRY(on_block_(block));
  if (block.level == 0 && !on_leaf_) return {};
  if (block.level >= pending_.size()) return fail(doubt("it has a tree that is too deep"));
  auto& pending = pending_[block.level];
  if (pending.size() >= 2 * most_ + 64) {
    std::ranges::sort(pending);
    const auto [first, last] = std::ranges::unique(pending);
    pending.erase(first, last);
    if (pending.size() > most_)
      return fail(
          doubt(std::format("its trees have more than the {} blocks that it counts", most_)));
  }
  pending.push_back(block);
  return {};
}

Result<void> BtrfsDescent::run() {
  for (std::size_t level = pending_.size(); level-- > 0;) {
    std::vector<BtrfsRef> blocks = std::move(pending_[level]);
    std::ranges::sort(blocks);
    const auto [first, last] = std::ranges::unique(blocks);
    blocks.erase(first, last);
    for (const BtrfsRef& block : blocks) TRY(read(block));
  }
  return {};
}

Result<void> BtrfsDescent::read(const BtrfsRef& block) {
  const BtrfsNode node = TRY(trees_.read(block, bytes_));
  if (node.leaf()) return on_leaf_(node);
  for (std::uint32_t i = 0; i < node.size(); ++i) TRY(add(node.child(i)));
  return {};
}

Result<void> BtrfsDeviceExtents::add(const BtrfsNode& leaf) {
  for (std::uint32_t i = 0; i < leaf.size(); ++i)
    if (leaf.key(i).type == kDeviceExtent) TRY(add_item(leaf.key(i), leaf.item(i)));
  return {};
}

Result<void> BtrfsDeviceExtents::add_item(const BtrfsKey& key, Bytes item) {
  const ByteReader f(item);
  const std::uint64_t length = f.le64(24);
  const auto disagrees = [&] {
    return fail(
        doubt(std::format("its device says that {} bytes at {} belong to chunk {}, which "
                          "says otherwise",
                          length, key.offset, f.le64(16))));
  };
  const auto end = checked_add(key.offset, length);
  if (!f.ok() || !end || key.object != super_.device || key.offset < end_) return disagrees();
  end_ = *end;
  ++count_;
  bytes_ += length;
  const BtrfsChunk& chunk = chunks_.all()[TRY(chunks_.find({f.le64(16), 1}))];
  const auto places = std::span(chunk.physical).first(chunk.copies);
  if (chunk.logical != Extent{f.le64(16), length} || !std::ranges::contains(places, key.offset))
    return disagrees();
  return {};
}

Result<void> BtrfsDeviceExtents::finish() const {
  std::uint64_t copies = 0;
  for (const BtrfsChunk& chunk : chunks_.all()) copies += chunk.copies;
  if (copies != count_)
    return fail(
        doubt(std::format("its chunks lie at {} places but its device has {}", copies, count_)));
  if (bytes_ != super_.device_used)
    return fail(doubt(std::format("its superblock counts {} bytes in chunks but its device has {}",
                                  super_.device_used, bytes_)));
  return {};
}

}  // namespace drydock::fs
