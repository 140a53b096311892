#include "fs/jfs.h"

#include <format>

#include "base/checked.h"
#include "fs/jfs_inodes.h"
#include "fs/jfs_map.h"
#include "fs/jfs_super.h"
#include "fs/read.h"
#include "fs/trust.h"

namespace drydock::fs {

Result<std::optional<VolumeInfo>> probe_jfs(const io::BlockSource& volume) {
  const auto super = TRY(JfsSuper::read(volume));
  if (!super) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "JFS";
  info.uuid = super->uuid;
  info.label = super->label;
  info.cluster = super->block_bytes;
  info.total = checked_mul<std::uint64_t>(super->sectors, super->sector_bytes).value_or(0);
  info.state = super->state == JfsSuper::kClean     ? VolumeState::clean
               : super->state == JfsSuper::kMounted ? VolumeState::dirty
                                                    : VolumeState::needs_check;
  if (super->check(volume.geometry().bytes))
    if (const auto free = jfs_free_blocks(volume, *super))
      set_counts(info, JfsSuper::kBlock, super->blocks(), *free);
  return info;
}

Result<ExtentMap> used_jfs(const io::BlockSource& volume) {
  const auto super = TRY(JfsSuper::read(volume));
  if (!super) return fail(doubt("its superblock has gone"));
  TRY(super->check(volume.geometry().bytes));
  TRY(super->check_state());
  TRY(super->check_copy(volume));
  const JfsMap map = TRY(JfsMap::read(volume, *super));
  TRY(JfsInodes(volume, *super, map).count_blocks());
  TRY(super->check_log(volume));
  // Behind the blocks are the workspace of fsck, the log, and whatever else there is.
  return with_outside(map.in_use, {0, super->blocks() * JfsSuper::kBlock}, volume.geometry().bytes);
}

}  // namespace drydock::fs
