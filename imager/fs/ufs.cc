#include "fs/ufs.h"

#include <format>

#include "base/checked.h"
#include "fs/read.h"
#include "fs/trust.h"
#include "fs/ufs_groups.h"
#include "fs/ufs_inodes.h"
#include "fs/ufs_super.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

// One run over the cylinder groups of a checked superblock.
class Survey {
 public:
  Survey(const io::BlockSource& volume, const UfsSuper& super)
      : volume_(volume),
        super_(super),
        table_(volume),
        in_use_(volume.geometry().bytes),
        metadata_(volume.geometry().bytes) {}

  Result<ExtentMap> run();

 private:
  Result<void> map_group(std::uint32_t number);
  Result<void> compare_with_table(const UfsGroup& group);
  void note_metadata(std::uint32_t number);
  Result<void> compare_totals() const;
  Result<void> compare_metadata(const ExtentMap& in_use);
  Result<void> compare_inodes(const ExtentMap& in_use);

  const io::BlockSource& volume_;
  const UfsSuper& super_;
  Window table_;
  UsedMap in_use_;    // what the maps say
  UsedMap metadata_;  // what the layout says
  UfsCounts total_;
  std::uint64_t used_fragments_ = 0;
  std::uint64_t metadata_fragments_ = 0;
};

Result<ExtentMap> Survey::run() {
  for (std::uint32_t group = 0; group < super_.groups; ++group) TRY(map_group(group));
  TRY(compare_totals());
  ExtentMap in_use = std::move(in_use_).take();
  TRY(compare_metadata(in_use));
  TRY(compare_inodes(in_use));
  return in_use;
}

Result<void> Survey::map_group(std::uint32_t number) {
  const UfsGroup group = TRY(read_ufs_group(volume_, super_, number));
  TRY(compare_with_table(group));
  used_fragments_ +=
      in_use_.keep_bits(group.used, super_.fragments_in(number),
                        super_.bytes_of(super_.group_base(number)), super_.fragment_bytes);
  note_metadata(number);
  total_.directories += group.counts.directories;
  total_.free_blocks += group.counts.free_blocks;
  total_.free_inodes += group.counts.free_inodes;
  total_.free_fragments += group.counts.free_fragments;
  return {};
}

// The counts of all groups are also in a table of their own, which is written on unmounting.
Result<void> Survey::compare_with_table(const UfsGroup& group) {
  const std::uint64_t at = super_.bytes_of(super_.counts_at) + std::uint64_t{group.number} * 16;
  const Bytes bytes = TRY(naming(table_.at(at, 16), "the table of cylinder groups' counts"));
  const UfsFields f = super_.fields(bytes);
  const UfsCounts told{f.u32(0), f.u32(4), f.u32(8), f.u32(12)};
  if (told == group.counts) return {};
  return fail(doubt(std::format(
      "cylinder group {} counts {} free blocks and {} free fragments, the table of counts {} and "
      "{}, or their inodes differ",
      group.number, group.counts.free_blocks, group.counts.free_fragments, told.free_blocks,
      told.free_fragments)));
}

void Survey::note_metadata(std::uint32_t number) {
  // What precedes the superblock's copy is data, except for the boot area of the first group.
  const std::uint64_t start = super_.group_start(number);
  const std::uint64_t first = number == 0 ? 0 : start + super_.super_at;
  const std::uint64_t count = start + super_.data_at - first;
  metadata_.keep(super_.bytes_of(first), super_.bytes_of(count));
  metadata_fragments_ += count;
}

Result<void> Survey::compare_totals() const {
  if (total_ == super_.counts) return {};
  return fail(doubt(std::format(
      "its superblock counts {} free blocks, {} free fragments and {} free inodes but its cylinder "
      "groups {}, {} and {}",
      super_.counts.free_blocks, super_.counts.free_fragments, super_.counts.free_inodes,
      total_.free_blocks, total_.free_fragments, total_.free_inodes)));
}

Result<void> Survey::compare_metadata(const ExtentMap& in_use) {
  const std::uint64_t table = div_ceil<std::uint64_t>(super_.counts_bytes, super_.fragment_bytes);
  metadata_.keep(super_.bytes_of(super_.counts_at), super_.bytes_of(table));
  metadata_fragments_ += table;
  const ExtentMap metadata = std::move(metadata_).take();
  return metadata_in_use(in_use, metadata, "its maps", "fragments", super_.fragment_bytes);
}

Result<void> Survey::compare_inodes(const ExtentMap& in_use) {
  UfsInodes inodes(volume_, super_, in_use);
  for (std::uint32_t number = 0; number < super_.groups; ++number) {
    const UfsGroup group = TRY(read_ufs_group(volume_, super_, number));
    TRY(inodes.check(group));
  }
  const std::uint64_t claimed = inodes.fragments() + metadata_fragments_;
  if (claimed > used_fragments_)
    return fail(doubt(std::format("its files and metadata take {} fragments but only {} are in use",
                                  claimed, used_fragments_)));
  return {};
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_ufs(const io::BlockSource& volume) {
  const auto super = TRY(UfsSuper::find(volume));
  if (!super) return std::nullopt;
  VolumeInfo info;
  info.filesystem = super->ufs2 ? "UFS2" : "UFS1";
  info.label = super->label;
  info.uuid = super->id;
  const bool check = (super->flags & UfsSuper::kNeedsCheck) != 0;
  info.state = check          ? VolumeState::needs_check
               : super->clean ? VolumeState::clean
                              : VolumeState::dirty;
  const std::uint64_t fragment = super->fragment_bytes;
  const auto total = checked_mul<std::uint64_t>(super->size, fragment);
  if (fragment < 512 || fragment > 65536 || !total) return info;
  info.cluster = super->fragment_bytes;
  info.total = *total;
  const auto blocks = checked_mul<std::uint64_t>(super->counts.free_blocks, super->block_bytes);
  const auto pieces = checked_mul<std::uint64_t>(super->counts.free_fragments, fragment);
  const auto free = blocks && pieces ? checked_add(*blocks, *pieces) : std::nullopt;
  if (!free || *free > info.total) return info;
  info.free = *free;
  info.used = info.total - info.free;
  return info;
}

Result<ExtentMap> used_ufs(const io::BlockSource& volume) {
  const auto super = TRY(UfsSuper::find(volume));
  if (!super) return fail(doubt("its superblock has gone"));
  const std::uint64_t volume_bytes = volume.geometry().bytes;
  TRY(super->check(volume_bytes));
  TRY(super->check_state());
  const ExtentMap in_use = TRY(Survey(volume, *super).run());

  // The boot area with the superblock, and what lies behind the filesystem.
  const std::uint64_t first = super->offset + UfsSuper::kBytes;
  const std::uint64_t end = super->bytes_of(super->size);
  return with_outside(in_use, {first, end - first}, volume_bytes);
}

}  // namespace drydock::fs
