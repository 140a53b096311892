#include "fs/btrfs.h"

#include <algorithm>
#include <format>

#include "base/units.h"
#include "fs/btrfs_chunk_tree.h"
#include "fs/btrfs_files.h"
#include "fs/btrfs_roots.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

Result<std::optional<BtrfsSuper>> read_super(const io::BlockSource& volume, std::uint64_t offset) {
  const auto bytes =
      TRY(naming(read_padded(volume, offset, BtrfsSuper::kBytes), "the Btrfs superblock"));
  return BtrfsSuper::decode(bytes);
}

// One run over a checked superblock.
class Survey {
 public:
  Survey(const io::BlockSource& volume, const BtrfsSuper& super)
      : volume_(volume), super_(super), chunks_(super), trees_(volume, super, chunks_) {}

  Result<ExtentMap> run();

 private:
  Result<void> check_copies() const;
  Result<void> read_roots();
  Result<BtrfsRoot> root(std::uint64_t id) const;
  Result<void> check_device();
  Result<BtrfsExtents> read_extents();
  Result<bool> check_free_space(const BtrfsExtents& extents);
  Result<void> check_trees(const BtrfsExtents& extents, bool files);
  Result<void> keep_log(UsedMap& used);
  ExtentMap places(const BtrfsExtents& extents, UsedMap used) const;

  const io::BlockSource& volume_;
  const BtrfsSuper& super_;
  BtrfsChunks chunks_;
  BtrfsTrees trees_;
  std::vector<BtrfsRoot> roots_;
  std::vector<Extent> cache_extents_;  // that the root tree's own files have
};

Result<ExtentMap> Survey::run() {
  TRY(check_copies());
  TRY(read_btrfs_chunks(super_, trees_, chunks_));
  TRY(read_roots());
  TRY(check_device());
  const BtrfsExtents extents = TRY(read_extents());
  const bool compared = TRY(check_free_space(extents));
  TRY(check_trees(extents, !compared));
  UsedMap used(volume_.geometry().bytes);
  if (super_.log_root != 0) TRY(keep_log(used));
  return places(extents, std::move(used));
}

// Linux mounts by the first superblock; a copy that is newer means that the first is stale.
Result<void> Survey::check_copies() const {
  for (std::size_t i = 1; i < BtrfsSuper::kOffsets.size(); ++i) {
    const std::uint64_t at = BtrfsSuper::kOffsets[i];
    if (at + BtrfsSuper::kBytes > super_.device_bytes) continue;
    const auto copy = TRY(read_super(volume_, at));
    if (!copy || copy->uuid != super_.uuid || !super_.checksum_matches(copy->raw)) continue;
    if (copy->generation > super_.generation)
      return fail(doubt(std::format("its superblock is of generation {} but a copy of {}",
                                    super_.generation, copy->generation)));
  }
  return {};
}

Result<void> Survey::read_roots() {
  constexpr std::size_t kMostTrees = std::size_t{1} << 20;
  return trees_.walk(btrfs_root_tree(super_), [&](const BtrfsNode& leaf) -> Result<void> {
    for (std::uint32_t i = 0; i < leaf.size(); ++i)
      if (leaf.key(i).type == kBtrfsRootItem)
        roots_.push_back(TRY(decode_btrfs_root(leaf.key(i), leaf.item(i))));
    TRY(each_btrfs_file_extent(leaf, [&](Extent extent) -> Result<void> {
      cache_extents_.push_back(extent);
      return {};
    }));
    if (roots_.size() > kMostTrees || cache_extents_.size() > kMostTrees)
      return fail(doubt("it has too many subvolumes"));
    return {};
  });
}

Result<BtrfsRoot> Survey::root(std::uint64_t id) const {
  const auto found = std::ranges::find(roots_, id, &BtrfsRoot::id);
  if (found == roots_.end() || std::ranges::count(roots_, id, &BtrfsRoot::id) != 1)
    return fail(doubt(std::format("it has no tree {} or several", id)));
  BtrfsRoot root = *found;
  root.ref.owner = id;
  return root;
}

Result<void> Survey::check_device() {
  BtrfsDeviceExtents extents(super_, chunks_);
  const BtrfsRoot tree = TRY(root(kBtrfsDeviceTree));
  TRY(trees_.walk(tree.ref, [&](const BtrfsNode& leaf) { return extents.add(leaf); }));
  return extents.finish();
}

Result<BtrfsExtents> Survey::read_extents() {
  BtrfsExtents extents(super_, chunks_);
  const bool own_tree = super_.has(BtrfsSuper::kBlockGroupTree);
  const BtrfsRoot tree = TRY(root(kBtrfsExtentTree));
  TRY(trees_.walk(tree.ref, [&](const BtrfsNode& leaf) -> Result<void> {
    TRY(extents.add_extents(leaf));
    return own_tree ? Result<void>() : extents.add_groups(leaf);
  }));
  if (own_tree) {
    const BtrfsRoot groups = TRY(root(kBtrfsBlockGroupTree));
    TRY(trees_.walk(groups.ref, [&](const BtrfsNode& leaf) { return extents.add_groups(leaf); }));
  }
  TRY(extents.finish());
  return extents;
}

// False when there is no free space tree or Linux would not trust it either.
Result<bool> Survey::check_free_space(const BtrfsExtents& extents) {
  if (!super_.has(BtrfsSuper::kFreeSpaceTree) || !super_.has(BtrfsSuper::kFreeSpaceTreeValid))
    return false;
  BtrfsFreeSpace free(super_, chunks_);
  const BtrfsRoot tree = TRY(root(kBtrfsFreeSpaceTree));
  TRY(trees_.walk(tree.ref, [&](const BtrfsNode& leaf) { return free.add(leaf); }));
  TRY(free.compare(extents));
  return true;
}

// Every block of every tree must be called used, and with `files` so must what every file has.
Result<void> Survey::check_trees(const BtrfsExtents& extents, bool files) {
  const std::uint64_t blocks = extents.tree_blocks().bytes() / super_.node_bytes;
  const auto on_block = [&](const BtrfsRef& block) -> Result<void> {
    if (extents.tree_blocks().contains({block.logical, super_.node_bytes})) return {};
    return fail(
        doubt(std::format("its extent tree calls the tree block at {} free", block.logical)));
  };
  const auto on_extent = [&](Extent extent) -> Result<void> {
    if (extents.data().contains(extent)) return {};
    return fail(doubt(std::format("its extent tree calls {} bytes at {} free, which a file has",
                                  extent.length, extent.offset)));
  };
  for (const Extent& extent : cache_extents_) TRY(on_extent(extent));
  BtrfsDescent with_files(
      trees_, blocks, on_block,
      files ? [&](const BtrfsNode& leaf) { return each_btrfs_file_extent(leaf, on_extent); }
            : BtrfsDescent::OnLeaf());
  BtrfsDescent others(trees_, blocks, on_block);
  TRY(others.add(btrfs_root_tree(super_)));
  TRY(others.add(btrfs_chunk_tree(super_)));
  for (const BtrfsRoot& root : roots_)
    if (!root.partial) TRY((root.has_files() ? with_files : others).add(root.ref));
  TRY(others.run());
  return with_files.run();
}

// What was synced since the last commit is found only by the log, whose blocks and new data the
// extent tree does not have yet: replaying it needs them all.
Result<void> Survey::keep_log(UsedMap& used) {
  constexpr std::uint64_t kMostBlocks = std::uint64_t{1} << 20;
  const auto keep = [&](Extent extent) -> Result<void> {
    TRY(chunks_.find(extent));
    chunks_.places(extent,
                   [&](std::uint64_t offset, std::uint64_t length) { used.keep(offset, length); });
    return {};
  };
  std::vector<BtrfsRoot> logs;
  const auto on_block = [&](const BtrfsRef& block) {
    return keep({block.logical, super_.node_bytes});
  };
  const auto on_root = [&](const BtrfsNode& leaf) -> Result<void> {
    for (std::uint32_t i = 0; i < leaf.size(); ++i)
      if (leaf.key(i).type == kBtrfsRootItem)
        logs.push_back(TRY(decode_btrfs_root(leaf.key(i), leaf.item(i))));
    return logs.size() > kMostBlocks ? Result<void>(fail(doubt("its log has too many trees")))
                                     : Result<void>();
  };
  BtrfsDescent top(trees_, kMostBlocks, on_block, on_root);
  TRY(top.add({super_.log_root, super_.generation + 1, super_.log_root_level, kBtrfsLogTree}));
  TRY(top.run());
  BtrfsDescent each(trees_, kMostBlocks, on_block,
                    [&](const BtrfsNode& leaf) { return each_btrfs_file_extent(leaf, keep); });
  for (BtrfsRoot& log : logs) {
    log.ref.owner = kBtrfsLogTree;
    TRY(each.add(log.ref));
  }
  return each.run();
}

ExtentMap Survey::places(const BtrfsExtents& extents, UsedMap used) const {
  const std::uint64_t volume_bytes = volume_.geometry().bytes;
  const auto keep = [&](std::uint64_t offset, std::uint64_t length) { used.keep(offset, length); };
  for (const ExtentMap* map : {&extents.data(), &extents.tree_blocks()})
    for (const Extent& extent : map->extents()) chunks_.places(extent, keep);
  used.keep(0, kMiB);  // boot loaders; Linux allocates nothing here
  for (const std::uint64_t offset : BtrfsSuper::kOffsets) used.keep(offset, BtrfsSuper::kBytes);
  used.keep(super_.device_bytes, volume_bytes - super_.device_bytes);
  return std::move(used).take();
}

VolumeState state_of(const BtrfsSuper& super) {
  if ((super.flags & BtrfsSuper::kError) != 0) return VolumeState::needs_check;
  return super.log_root != 0 ? VolumeState::dirty : VolumeState::clean;
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_btrfs(const io::BlockSource& volume) {
  const auto super = TRY(read_super(volume, BtrfsSuper::kOffsets[0]));
  if (!super) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "Btrfs";
  info.label = super->label;
  info.uuid = super->uuid;
  info.cluster = super->sector_bytes;
  info.total = super->total_bytes;  // of all devices
  info.used = super->bytes_used;
  if (info.used <= info.total) info.free = info.total - info.used;
  info.state = state_of(*super);
  return info;
}

Result<ExtentMap> used_btrfs(const io::BlockSource& volume) {
  const auto super = TRY(read_super(volume, BtrfsSuper::kOffsets[0]));
  if (!super) return fail(doubt("its superblock has gone"));
  TRY(super->check(volume.geometry().bytes));
  return Survey(volume, *super).run();
}

Result<void> files_btrfs(const io::BlockSource& volume, const VisitFiles& visit) {
  const auto super = TRY(read_super(volume, BtrfsSuper::kOffsets[0]));
  if (!super) return fail(doubt("its superblock has gone"));
  TRY(super->check(volume.geometry().bytes));
  BtrfsChunks chunks(*super);
  BtrfsTrees trees(volume, *super, chunks);
  TRY(read_btrfs_chunks(*super, trees, chunks));
  const std::vector<BtrfsRoot> subvolumes = TRY(btrfs_subvolumes(trees));
  Result<void> all;
  for (const BtrfsRoot& subvolume : subvolumes) {
    BtrfsFiles files(volume, trees, chunks, subvolume.ref);
    const auto root = files.root();
    if (root && !TRY(visit(files, *root, btrfs_subvolume_path(trees, subvolumes, subvolume))))
      return {};
    if (!root && all) all = fail(naming(root.error(), std::format("subvolume {}", subvolume.id)));
  }
  return all;
}

}  // namespace drydock::fs
