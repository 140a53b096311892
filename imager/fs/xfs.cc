#include "fs/xfs.h"

#include <format>

#include "fs/read.h"
#include "fs/trust.h"
#include "fs/used_map.h"
#include "fs/xfs_files.h"
#include "fs/xfs_free.h"
#include "fs/xfs_inodes.h"
#include "fs/xfs_log.h"
#include "fs/xfs_super.h"

namespace drydock::fs {
namespace {

VolumeState state_of(const io::BlockSource& volume, const XfsSuper& super) {
  if (super.has(XfsSuper::kNeedsRepair)) return VolumeState::needs_check;
  // Damage leaves it recognised; the map reader will say what it is.
  if (!super.check(volume)) return VolumeState::unknown;
  const auto log = read_xfs_log(volume, super);
  if (!log) return VolumeState::unknown;
  return log->clean ? VolumeState::clean : VolumeState::dirty;
}

// One run over the groups of a checked superblock.
class Survey {
 public:
  Survey(const io::BlockSource& volume, const XfsSuper& super)
      : volume_(volume), super_(super), owners_(volume, kWindow), others_(volume, kWindow) {}

  Result<ExtentMap> run();

 private:
  static constexpr std::size_t kWindow = 128 * kKiB;

  Result<XfsGroup> read_group(std::uint32_t number) {
    return XfsGroup::read(super_, others_, number);
  }
  Result<void> check_counts(std::uint64_t free, std::uint64_t inodes) const;
  Result<void> check_inodes(const ExtentMap& used);

  const io::BlockSource& volume_;
  const XfsSuper& super_;
  Window owners_;
  Window others_;
};

Result<ExtentMap> Survey::run() {
  const XfsLogState log = TRY(read_xfs_log(volume_, super_));
  if (!log.clean)
    return fail(doubt("its log must be replayed, so its free-space trees may be out of date"));

  UsedMap used(volume_.geometry().bytes);
  UsedMap metadata(volume_.geometry().bytes);
  std::uint64_t free = 0;
  std::uint64_t inodes = 0;
  std::uint64_t lsn = super_.lsn;
  for (std::uint32_t number = 0; number < super_.groups; ++number) {
    const XfsGroup group = TRY(read_group(number));
    TRY(map_xfs_group(super_, {owners_, others_}, group, used, metadata));
    free += group.counted_free(super_);
    inodes += group.inode_count;
    lsn = std::max(lsn, group.lsn);
  }
  if (lsn > log.lsn)
    return fail(
        doubt(std::format("its metadata is newer (0x{:x}) than its log (0x{:x})", lsn, log.lsn)));
  TRY(check_counts(free, inodes));
  const Extent ring = super_.run(super_.log_start, super_.log_blocks).value_or(Extent{});
  metadata.keep(ring.offset, ring.length);

  const ExtentMap map = std::move(used).take();
  TRY(metadata_in_use(map, std::move(metadata).take(), "its free-space trees", "blocks",
                      super_.block_bytes));
  if (!super_.has(XfsSuper::kReverseMap)) TRY(check_inodes(map));
  return map;
}

Result<void> Survey::check_counts(std::uint64_t free, std::uint64_t inodes) const {
  if (free != super_.free_blocks)
    return fail(doubt(std::format("its superblock counts {} free blocks but its groups have {}",
                                  super_.free_blocks, free)));
  if (inodes != super_.inodes)
    return fail(doubt(std::format("its superblock counts {} inodes but its groups have {}",
                                  super_.inodes, inodes)));
  return {};
}

Result<void> Survey::check_inodes(const ExtentMap& used) {
  XfsInodes inodes(super_, volume_, used);
  for (std::uint32_t number = 0; number < super_.groups; ++number) {
    const XfsGroup group = TRY(read_group(number));
    TRY(inodes.check(group));
  }
  return {};
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_xfs(const io::BlockSource& volume) {
  const auto super = TRY(XfsSuper::read(volume));
  if (!super) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "XFS";
  info.label = super->label;
  info.uuid = super->uuid;
  info.cluster = super->block_bytes;
  info.state = state_of(volume, *super);
  set_counts(info, super->block_bytes, super->blocks, super->free_blocks);
  return info;
}

Result<ExtentMap> used_xfs(const io::BlockSource& volume) {
  const auto super = TRY(XfsSuper::read(volume));
  if (!super) return fail(doubt("its superblock has gone"));
  TRY(super->check(volume));
  const ExtentMap in_use = TRY(Survey(volume, *super).run());
  return with_outside(in_use, {0, super->blocks * super->block_bytes}, volume.geometry().bytes);
}

Result<void> files_xfs(const io::BlockSource& volume, const VisitFiles& visit) {
  const auto super = TRY(XfsSuper::read(volume));
  if (!super) return fail(doubt("its superblock has gone"));
  TRY(super->check(volume));
  XfsFiles files(*super, volume);
  const FileNode root = TRY(files.root());
  TRY(visit(files, root, {}));
  return {};
}

}  // namespace drydock::fs
