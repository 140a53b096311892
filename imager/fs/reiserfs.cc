#include "fs/reiserfs.h"

#include <algorithm>
#include <format>

#include "base/text.h"
#include "fs/read.h"
#include "fs/reiserfs_journal.h"
#include "fs/reiserfs_super.h"
#include "fs/reiserfs_tree.h"
#include "fs/trust.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

Result<std::optional<VolumeInfo>> probe_reiser4(const io::BlockSource& volume) {
  const auto bytes =
      TRY(naming(read_padded(volume, ReiserSuper::kOffset, 512), "the Reiser4 superblock"));
  const ByteReader f(bytes);
  if (!f.equals(0, "ReIsEr4")) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "Reiser4";
  info.uuid = all_zero(f.bytes(20, 16)) ? "" : uuid_text(f.bytes(20, 16));
  info.label = printable(f.text(36, 16));
  return info;
}

VolumeState state_of(const ReiserSuper& super) {
  if (super.check_state != 0) return VolumeState::needs_check;
  return super.mount_state == ReiserSuper::kClean ? VolumeState::clean : VolumeState::dirty;
}

Result<std::uint64_t> map_bitmaps(const io::BlockSource& volume, const ReiserSuper& super,
                                  UsedMap& used) {
  std::uint64_t in_use = 0;
  Window bitmaps(volume, super.block_bytes);
  for (std::uint64_t i = 0; i < super.bitmap_count(); ++i) {
    const std::uint64_t first = i * super.blocks_per_bitmap();
    const Bytes bitmap =
        TRY(naming(bitmaps.at(super.offset_of(super.bitmap_block(i)), super.block_bytes),
                   std::format("bitmap {}", i)));
    in_use += used.keep_bits(bitmap, std::min(super.blocks_per_bitmap(), super.blocks - first),
                             super.offset_of(first), super.block_bytes);
  }
  return in_use;
}

// What lies where it lies in every volume.
ExtentMap fixed_places(const io::BlockSource& volume, const ReiserSuper& super) {
  UsedMap map(volume.geometry().bytes);
  map.keep(0, super.offset_of(super.super_block() + 1));
  for (std::uint64_t i = 0; i < super.bitmap_count(); ++i)
    map.keep(super.offset_of(super.bitmap_block(i)), super.block_bytes);
  map.keep(super.journal().offset, super.journal().length);
  return std::move(map).take();
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_reiserfs(const io::BlockSource& volume) {
  const auto newer = TRY(probe_reiser4(volume));
  if (newer) return newer;
  const auto super = TRY(ReiserSuper::read(volume));
  if (!super) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "ReiserFS";
  info.uuid = super->uuid;
  info.label = super->label;
  info.state = state_of(*super);
  info.cluster = super->block_bytes;
  set_counts(info, super->block_bytes, super->blocks, super->free_blocks);
  return info;
}

Result<ExtentMap> used_reiserfs(const io::BlockSource& volume) {
  const auto super = TRY(ReiserSuper::read(volume));
  if (!super || TRY(probe_reiser4(volume)))
    return fail(doubt("Drydock has no allocation-map reader for Reiser4"));
  TRY(super->check(volume.geometry().bytes));
  if (TRY(reiser_journal_is_dirty(volume, *super)))
    return fail(doubt("its journal has not been replayed, so its bitmaps may be out of date"));

  UsedMap map(volume.geometry().bytes);
  const std::uint64_t in_use = TRY(map_bitmaps(volume, *super, map));
  const std::uint64_t free = super->blocks - in_use;
  if (free != super->free_blocks)
    return fail(doubt(std::format("its superblock counts {} free blocks but its bitmaps have {}",
                                  super->free_blocks, free)));
  const ExtentMap used = std::move(map).take();
  const ExtentMap fixed = fixed_places(volume, *super);
  TRY(metadata_in_use(used, fixed, "its bitmaps", "blocks", super->block_bytes));
  const std::uint64_t named =
      TRY(ReiserTree(*super, volume, used).count_blocks()) + fixed.bytes() / super->block_bytes;
  if (named > in_use)
    return fail(
        doubt(std::format("its bitmaps have {} used blocks but its tree names {}", in_use, named)));
  return with_outside(used, {0, super->offset_of(super->blocks)}, volume.geometry().bytes);
}

}  // namespace drydock::fs
