#include "fs/ext.h"

#include <format>

#include "base/checked.h"
#include "fs/ext_files.h"
#include "fs/ext_groups.h"
#include "fs/ext_journal.h"
#include "fs/ext_replay.h"
#include "fs/ext_super.h"
#include "fs/ext_walk.h"
#include "fs/read.h"
#include "fs/trust.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

std::string_view name_of(const ExtSuper& super) {
  if (super.has(ExtSuper::kJournalDevice)) return "jbd";
  // filetype, needs_recovery and meta_bg; sparse_super, large_file and btree_dir: all that the
  // drivers of ext2 and ext3 know.
  const bool beyond_ext3 = (super.incompat & ~0x16u) != 0 || (super.ro_compat & ~0x7u) != 0;
  if (beyond_ext3) return "ext4";
  return super.has(ExtSuper::kHasJournal) ? "ext3" : "ext2";
}

VolumeState state_of(const ExtSuper& super) {
  if (super.has(ExtSuper::kRecover)) return VolumeState::dirty;
  const bool clean = (super.state & (ExtSuper::kValid | ExtSuper::kError)) == ExtSuper::kValid;
  return clean ? VolumeState::clean : VolumeState::needs_check;
}

// One run over the groups of a checked superblock. The volume is as it is, or as it will be once
// its journal has been replayed.
class Survey {
 public:
  Survey(const io::BlockSource& volume, const ExtSuper& super)
      : super_(super),
        volume_(volume),
        groups_(super, volume),
        bitmaps_(volume, 64 * kKiB),
        in_use_(volume.geometry().bytes),
        metadata_(volume.geometry().bytes) {}

  Result<ExtentMap> run();

 private:
  Result<void> map_group(std::uint32_t number);
  Result<void> check_counts(std::uint64_t free_inodes) const;
  Result<std::uint64_t> map_bitmap(std::uint32_t number, const ExtGroup& group);
  std::uint64_t map_uninitialised(std::uint32_t number, const ExtGroup& group);
  void note_metadata(std::uint32_t number, const ExtGroup& group);

  std::uint64_t bytes_of(std::uint64_t block) const { return block * super_.block_bytes(); }
  std::uint64_t clusters_in(std::uint32_t number) const {
    return div_ceil<std::uint64_t>(groups_.blocks_in(number), super_.cluster_blocks());
  }

  const ExtSuper& super_;
  const io::BlockSource& volume_;
  ExtGroups groups_;
  Window bitmaps_;
  UsedMap in_use_;    // what the bitmaps say
  UsedMap metadata_;  // what the layout says
  std::uint64_t free_clusters_ = 0;
};

Result<ExtentMap> Survey::run() {
  for (std::uint32_t group = 0; group < super_.groups(); ++group) TRY(map_group(group));
  ExtentMap in_use = std::move(in_use_).take();
  const ExtentMap metadata = std::move(metadata_).take();
  TRY(metadata_in_use(in_use, metadata, "its bitmaps", "blocks", super_.block_bytes()));
  ExtWalk walk(super_, volume_, in_use);
  TRY(walk.run());
  TRY(check_counts(walk.free_inodes()));
  return in_use;
}

// The superblock's own counts are brought up to date when the volume is unmounted.
Result<void> Survey::check_counts(std::uint64_t free_inodes) const {
  if (super_.has(ExtSuper::kRecover)) return {};
  const std::uint64_t free_blocks = free_clusters_ * super_.cluster_blocks();
  if (free_blocks != super_.free_blocks)
    return fail(doubt(std::format("its superblock counts {} free blocks but its bitmaps have {}",
                                  super_.free_blocks, free_blocks)));
  if (free_inodes != super_.free_inodes)
    return fail(doubt(std::format("its superblock counts {} free inodes but its bitmaps have {}",
                                  super_.free_inodes, free_inodes)));
  return {};
}

Result<void> Survey::map_group(std::uint32_t number) {
  const ExtGroup group = TRY(groups_.descriptor(number));
  note_metadata(number, group);
  const bool uninitialised = group.has(ExtGroup::kBlockUninit);
  const std::uint64_t used =
      uninitialised ? map_uninitialised(number, group) : TRY(map_bitmap(number, group));
  const std::uint64_t free = clusters_in(number) - used;
  if (free != group.free_clusters)
    return fail(doubt(std::format("block group {} counts {} free clusters but its bitmap has {}",
                                  number, group.free_clusters, free)));
  free_clusters_ += free;
  return {};
}

Result<std::uint64_t> Survey::map_bitmap(std::uint32_t number, const ExtGroup& group) {
  const std::string name = std::format("the bitmap of block group {}", number);
  const Bytes bitmap =
      TRY(naming(bitmaps_.at(bytes_of(group.block_bitmap), super_.block_bytes()), name));
  if (!groups_.block_checksum_matches(group, bitmap))
    return fail(doubt(name + " is damaged (checksum)"));
  return in_use_.keep_bits(bitmap, clusters_in(number), bytes_of(groups_.first_block(number)),
                           super_.cluster_bytes());
}

// A group of which no data block has ever been used has no bitmap on disk: only its leading
// metadata and its own bitmaps and inode table, as far as they lie in it, are in use.
std::uint64_t Survey::map_uninitialised(std::uint32_t number, const ExtGroup& group) {
  const std::uint64_t first = groups_.first_block(number);
  const std::uint64_t count = groups_.blocks_in(number);
  ExtentMap clusters;
  const auto use = [&](std::uint64_t block, std::uint64_t length) {
    const Extent inside = intersection({block, length}, {first, count});
    if (inside.length == 0) return;
    const std::uint64_t from = (inside.offset - first) / super_.cluster_blocks();
    const std::uint64_t to = div_ceil<std::uint64_t>(inside.end() - first, super_.cluster_blocks());
    clusters.add({from, to - from});
  };
  use(first, groups_.leading_metadata(number));
  use(group.block_bitmap, 1);
  use(group.inode_bitmap, 1);
  use(group.inode_table, groups_.inode_table_blocks());
  for (const Extent& run : clusters.extents())
    in_use_.keep(bytes_of(first) + run.offset * super_.cluster_bytes(),
                 run.length * super_.cluster_bytes());
  return clusters.bytes();
}

void Survey::note_metadata(std::uint32_t number, const ExtGroup& group) {
  const auto note = [&](std::uint64_t block, std::uint64_t length) {
    metadata_.keep(bytes_of(block), bytes_of(length));
  };
  note(groups_.first_block(number),
       std::min<std::uint64_t>(groups_.leading_metadata(number), groups_.blocks_in(number)));
  note(group.block_bitmap, 1);
  note(group.inode_bitmap, 1);
  note(group.inode_table, groups_.inode_table_blocks());
  if (number == 0 && super_.has(ExtSuper::kMmp)) note(super_.mmp_block, 1);
}

Result<std::optional<ExtSuper>> read_super(const io::BlockSource& volume) {
  const auto bytes =
      TRY(naming(read_padded(volume, ExtSuper::kOffset, ExtSuper::kBytes), "the ext superblock"));
  return ExtSuper::decode(bytes);
}

Result<ExtentMap> map_of(const io::BlockSource& volume, const ExtSuper& super) {
  TRY(super.check_state());
  return Survey(volume, super).run();
}

// The journal may hold newer bitmaps than the volume: blocks that look free on it can be in use
// once the journal has been replayed, as the system will do that uses the volume next.
Result<ExtentMap> map_of_replayed(const io::BlockSource& volume, const ExtSuper& super) {
  const ReplayedSource replayed(volume, super.block_bytes(), TRY(journalled_blocks(volume, super)));
  const auto after = TRY(read_super(replayed));
  if (!after) return fail(doubt("its journal would overwrite its superblock"));
  TRY(after->check(volume.geometry().bytes));
  if (!after->has(ExtSuper::kRecover) || after->blocks != super.blocks ||
      after->block_bytes() != super.block_bytes())
    return fail(doubt("its journal would change its superblock"));
  return map_of(replayed, *after);
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_ext(const io::BlockSource& volume) {
  const auto super = TRY(read_super(volume));
  if (!super) return std::nullopt;
  VolumeInfo info;
  info.filesystem = name_of(*super);
  info.label = super->label;
  info.uuid = super->uuid;
  info.state = state_of(*super);
  if (super->log_block > 6 || super->log_cluster > 20) return info;
  info.cluster = static_cast<std::uint32_t>(super->cluster_bytes());
  set_counts(info, super->block_bytes(), super->blocks, super->free_blocks);
  return info;
}

Result<ExtentMap> used_ext(const io::BlockSource& volume) {
  const auto super = TRY(read_super(volume));
  if (!super) return fail(doubt("its superblock has gone"));
  const std::uint64_t volume_bytes = volume.geometry().bytes;
  TRY(super->check(volume_bytes));
  const ExtentMap in_use = TRY(super->has(ExtSuper::kRecover) ? map_of_replayed(volume, *super)
                                                              : map_of(volume, *super));

  // The boot sectors and the primary superblock in front, and what lies behind the filesystem.
  constexpr std::uint64_t kFront = ExtSuper::kOffset + ExtSuper::kBytes;
  const std::uint64_t end = super->blocks * super->block_bytes();
  return with_outside(in_use, {kFront, end - kFront}, volume_bytes);
}

Result<void> files_ext(const io::BlockSource& volume, const VisitFiles& visit) {
  const auto super = TRY(read_super(volume));
  if (!super) return fail(doubt("its superblock has gone"));
  TRY(super->check(volume.geometry().bytes));
  ExtFiles files(*super, volume);
  const FileNode root = TRY(files.root());
  TRY(visit(files, root, {}));
  return {};
}

}  // namespace drydock::fs
