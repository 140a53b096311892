#include "fs/btrfs_extents.h"

#include <bit>
#include <format>

#include "base/checked.h"

namespace drydock::fs {
namespace {

// Types of items (Linux, include/uapi/linux/btrfs_tree.h).
constexpr std::uint8_t kExtentItem = 168;
constexpr std::uint8_t kMetadataItem = 169;
constexpr std::uint8_t kTreeBlockRef = 176;
constexpr std::uint8_t kExtentDataRef = 178;
constexpr std::uint8_t kSharedBlockRef = 182;
constexpr std::uint8_t kSharedDataRef = 184;
constexpr std::uint8_t kBlockGroupItem = 192;
constexpr std::uint8_t kFreeSpaceInfo = 198;
constexpr std::uint8_t kFreeSpaceExtent = 199;
constexpr std::uint8_t kFreeSpaceBitmap = 200;

constexpr std::uint64_t kDataExtent = 1;
constexpr std::uint64_t kTreeBlockExtent = 2;

bool is_reference(std::uint8_t type) {
  return type == kTreeBlockRef || type == kExtentDataRef || type == kSharedBlockRef ||
         type == kSharedDataRef;
}

}  // namespace

void BtrfsRuns::add(Extent run) {
  bytes_ += run.length;
  if (run.offset == end_ && end_ != start_) {
    end_ = run.end();
    return;
  }
  flush();
  start_ = run.offset;
  end_ = run.end();
}

void BtrfsRuns::flush() {
  if (end_ == start_) return;
  for (const std::uint64_t value : {start_, end_})
    hash_ = std::rotl((hash_ ^ value) * 0x9E3779B97F4A7C15, 29);
  start_ = end_ = 0;
}

Result<void> BtrfsExtents::add_extents(const BtrfsNode& leaf) {
  for (std::uint32_t i = 0; i < leaf.size(); ++i) {
    const BtrfsKey key = leaf.key(i);
    if (key.type == kExtentItem || key.type == kMetadataItem)
      TRY(add_extent(key, leaf.item(i)));
    else if (!is_reference(key.type) && key.type != kBlockGroupItem)
      return fail(doubt(std::format("its extent tree has an item of unknown type {} at {}",
                                    key.type, key.object)));
  }
  return {};
}

Result<void> BtrfsExtents::add_extent(const BtrfsKey& key, Bytes item) {
  const ByteReader f(item);
  const std::uint64_t flags = f.le64(16) & (kDataExtent | kTreeBlockExtent);
  const bool tree_block = flags == kTreeBlockExtent;
  const auto broken = [&](std::string_view how) {
    return fail(doubt(std::format("its extent at {} {}", key.object, how)));
  };
  if (!f.ok() || flags == 0 || flags == 3 || f.le64(0) == 0) return broken("is damaged");
  if (key.type == kMetadataItem && (!tree_block || key.offset > 7)) return broken("is damaged");
  const Extent extent{key.object,
                      key.type == kMetadataItem ? std::uint64_t{super_.node_bytes} : key.offset};
  const auto end = checked_add(extent.offset, extent.length);
  if (!end || extent.length == 0 || extent.offset % super_.sector_bytes != 0 ||
      extent.length % super_.sector_bytes != 0)
    return broken(std::format("has an impossible length ({})", extent.length));
  if (tree_block && extent.length != super_.node_bytes)
    return broken(std::format("is a tree block of {} bytes", extent.length));
  if (extent.offset < last_end_) return broken("overlaps another");
  last_end_ = *end;

  const std::size_t number = TRY(chunks_.find(extent));
  const std::uint64_t type = chunks_.all()[number].type;
  if ((type & (tree_block ? BtrfsChunk::kMetadata | BtrfsChunk::kSystem : BtrfsChunk::kData)) == 0)
    return broken("is in a block group of another kind");
  groups_[number].runs.add(extent);
  (tree_block ? tree_blocks_ : data_).keep(extent.offset, extent.length);
  return {};
}

Result<void> BtrfsExtents::add_groups(const BtrfsNode& leaf) {
  for (std::uint32_t i = 0; i < leaf.size(); ++i)
    if (leaf.key(i).type == kBlockGroupItem) TRY(add_group(leaf.key(i), leaf.item(i)));
  return {};
}

Result<void> BtrfsExtents::add_group(const BtrfsKey& key, Bytes item) {
  const ByteReader f(item);
  const std::size_t number = TRY(chunks_.find({key.object, key.offset}));
  const BtrfsChunk& chunk = chunks_.all()[number];
  Group& group = groups_[number];
  if (chunk.logical != Extent{key.object, key.offset} || chunk.type != f.le64(16) || !f.ok() ||
      group.counted)
    return fail(doubt(std::format("its block group {} does not fit its chunk", key.object)));
  group.counted = true;
  group.used = f.le64(0);
  return {};
}

Result<void> BtrfsExtents::finish() {
  std::uint64_t in_use = 0;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    Group& group = groups_[i];
    const std::uint64_t start = chunks_.all()[i].logical.offset;
    group.runs.finish();
    if (!group.counted) return fail(doubt(std::format("its chunk {} has no block group", start)));
    if (group.used != group.runs.bytes())
      return fail(doubt(std::format("block group {} counts {} bytes in use but its extents have {}",
                                    start, group.used, group.runs.bytes())));
    in_use += group.used;
  }
  if (in_use != super_.bytes_used)
    return fail(doubt(std::format("its superblock counts {} bytes in use but its extents have {}",
                                  super_.bytes_used, in_use)));
  data_map_ = std::move(data_).take();
  tree_map_ = std::move(tree_blocks_).take();
  return {};
}

Result<void> BtrfsFreeSpace::add(const BtrfsNode& leaf) {
  for (std::uint32_t i = 0; i < leaf.size(); ++i) TRY(add_item(leaf.key(i), leaf.item(i)));
  return {};
}

Result<void> BtrfsFreeSpace::add_item(const BtrfsKey& key, Bytes item) {
  if (key.type == kFreeSpaceInfo) return add_info(key);
  if (key.type == kFreeSpaceExtent) return add_free({key.object, key.offset});
  const auto broken = [&] {
    return fail(doubt(std::format("its free space tree is damaged at {}", key.object)));
  };
  const std::uint64_t bits = key.offset / super_.sector_bytes;
  if (key.type != kFreeSpaceBitmap || key.offset % super_.sector_bytes != 0 ||
      item.size() != div_ceil<std::uint64_t>(bits, 8))
    return broken();
  if (!checked_add(key.object, key.offset)) return broken();
  std::uint64_t start = find_bit(item, bits, 0, true);
  while (start < bits) {
    const std::uint64_t end = find_bit(item, bits, start, false);
    TRY(add_free({key.object + start * super_.sector_bytes, (end - start) * super_.sector_bytes}));
    start = find_bit(item, bits, end, true);
  }
  return {};
}

Result<void> BtrfsFreeSpace::add_info(const BtrfsKey& key) {
  const Extent group{key.object, key.offset};
  close_group();
  // mkfs.btrfs leaves those of the block groups that it began with and gave up.
  stale_ = checked_add(group.offset, group.length) && !chunks_.touches(group) ? group : Extent{};
  if (stale_.length != 0) return {};
  const auto& chunks = chunks_.all();
  if (used_.size() >= chunks.size() || chunks[used_.size()].logical != group)
    return fail(doubt(std::format(
        "its free space tree has a block group {} that does not fit its chunk", key.object)));
  used_.emplace_back();
  cursor_ = key.object;
  return {};
}

Result<void> BtrfsFreeSpace::add_free(Extent free) {
  const auto end = checked_add(free.offset, free.length);
  if (stale_.length != 0 && end && free.offset >= stale_.offset && *end <= stale_.end()) return {};
  if (stale_.length != 0 || used_.empty() || !end || free.length == 0 || free.offset < cursor_ ||
      *end > chunks_.all()[used_.size() - 1].logical.end())
    return fail(doubt(std::format("its free space tree is damaged at {}", free.offset)));
  if (free.offset > cursor_) used_.back().add({cursor_, free.offset - cursor_});
  cursor_ = *end;
  return {};
}

void BtrfsFreeSpace::close_group() {
  if (used_.empty() || stale_.length != 0) return;
  const std::uint64_t end = chunks_.all()[used_.size() - 1].logical.end();
  if (end > cursor_) used_.back().add({cursor_, end - cursor_});
  used_.back().finish();
}

Result<void> BtrfsFreeSpace::compare(const BtrfsExtents& extents) {
  close_group();
  const auto& chunks = chunks_.all();
  if (used_.size() != chunks.size())
    return fail(doubt(
        std::format("its free space tree has {} block groups of {}", used_.size(), chunks.size())));
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    if (used_[i] == extents.runs(i)) continue;
    return fail(doubt(std::format(
        "in block group {} its free space tree leaves {} bytes in use and its extent tree {}{}",
        chunks[i].logical.offset, used_[i].bytes(), extents.runs(i).bytes(),
        used_[i].bytes() == extents.runs(i).bytes() ? ", but not the same ones" : "")));
  }
  return {};
}

}  // namespace drydock::fs
