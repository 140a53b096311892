#include "fs/nilfs.h"

#include <format>

#include "fs/nilfs_files.h"
#include "fs/nilfs_log.h"
#include "fs/nilfs_super.h"
#include "fs/read.h"
#include "fs/trust.h"
#include "fs/used_map.h"

namespace drydock::fs {

Result<std::optional<VolumeInfo>> probe_nilfs(const io::BlockSource& volume) {
  auto super = TRY(NilfsSuper::read(volume));
  if (!super) return std::nullopt;
  // They are written in turns.
  if (const auto newer = super->checked(volume)) super = *newer;
  VolumeInfo info;
  info.filesystem = "NILFS2";
  info.uuid = super->uuid;
  info.label = super->label;
  info.cluster = super->block_bytes;
  info.total = super->device_bytes;
  if (super->free_blocks <= info.total / info.cluster) {
    info.free = super->free_blocks * info.cluster;
    info.used = info.total - info.free;
  }
  info.state = (super->state & NilfsSuper::kErrors) != 0  ? VolumeState::needs_check
               : (super->state & NilfsSuper::kClean) != 0 ? VolumeState::clean
                                                          : VolumeState::dirty;
  return info;
}

Result<ExtentMap> used_nilfs(const io::BlockSource& volume) {
  const auto first = TRY(NilfsSuper::read(volume));
  if (!first) return fail(doubt("its superblock has gone"));
  const NilfsSuper super = TRY(first->checked(volume));
  const NilfsLogs logs = TRY(NilfsLogs::follow(volume, super));
  const bool clean = (super.state & NilfsSuper::kClean) != 0;
  if (clean && logs.newer)
    return fail(doubt("it was unmounted cleanly but has logs newer than its superblock"));

  const std::uint64_t volume_bytes = volume.geometry().bytes;
  UsedMap map(volume_bytes);
  NilfsFiles files(volume, super, logs.root);
  TRY(files.keep_segments(map));
  const std::uint64_t free_blocks = files.clean_segments() * super.segment_blocks;
  // mkfs does not count the segment in which the log will go on.
  if (clean && free_blocks != super.free_blocks &&
      free_blocks + super.segment_blocks != super.free_blocks)
    return fail(doubt(std::format("its superblock counts {} free blocks, its segments have {}",
                                  super.free_blocks, free_blocks)));
  for (const std::uint64_t segment : logs.segments) {
    const Extent bytes = super.segment_bytes(segment);
    map.keep(bytes.offset, bytes.length);
  }
  const ExtentMap in_use = std::move(map).take();
  TRY(files.check_blocks(in_use));
  const std::uint64_t start = super.first_block * super.block_bytes;
  const std::uint64_t end = super.blocks() * super.block_bytes;
  return with_outside(in_use, {start, end - start}, volume_bytes);
}

}  // namespace drydock::fs
