#include "fs/f2fs.h"

#include <array>
#include <format>

#include "fs/f2fs_checkpoint.h"
#include "fs/f2fs_nodes.h"
#include "fs/f2fs_recovery.h"
#include "fs/f2fs_super.h"
#include "fs/f2fs_table.h"
#include "fs/read.h"
#include "fs/trust.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

// The blocks that an entry of the segment table calls valid. Its count must be that of its bits.
Result<std::uint64_t> keep_segment(const F2fsSuper& super, std::uint64_t segment, Bytes entry,
                                   UsedMap& map) {
  std::array<std::byte, kF2fsSegment / 8> bits{};
  for (std::size_t i = 0; i < bits.size(); ++i)
    bits[i] = std::byte{__builtin_bitreverse8(std::to_integer<std::uint8_t>(entry[2 + i]))};
  const std::uint64_t set = map.keep_bits(
      bits, kF2fsSegment, (super.main + segment * kF2fsSegment) * kF2fsBlock, kF2fsBlock);
  const std::uint64_t told = ByteReader(entry).le16(0) & 0x3FFu;
  if (set != told)
    return fail(
        doubt(std::format("segment {} has {} blocks in use but counts {}", segment, set, told)));
  return set;
}

// Returns how many blocks are valid.
Result<std::uint64_t> keep_valid(const io::BlockSource& volume, const F2fsSuper& super,
                                 const F2fsCheckpoint& checkpoint, UsedMap& map) {
  constexpr std::size_t kEntry = F2fsCheckpoint::kSitEntry;
  F2fsTable table = F2fsTable::sit(volume, super, checkpoint);
  std::uint64_t valid = 0;
  for (std::uint64_t first = 0; first < super.main_segments; first += F2fsCheckpoint::kSitEntries) {
    const Bytes block =
        TRY(naming(table.block(first / F2fsCheckpoint::kSitEntries), "the segment table"));
    const std::uint64_t end = std::min(first + F2fsCheckpoint::kSitEntries, super.main_segments);
    for (std::uint64_t segment = first; segment < end; ++segment) {
      const auto newer = checkpoint.sit_journal.find(static_cast<std::uint32_t>(segment));
      valid += TRY(keep_segment(super, segment,
                                newer == checkpoint.sit_journal.end()
                                    ? block.subspan((segment - first) * kEntry, kEntry)
                                    : Bytes(newer->second),
                                map));
    }
  }
  return valid;
}

VolumeState state_of(const io::BlockSource& volume, const F2fsSuper& super,
                     const F2fsCheckpoint& checkpoint) {
  if (!checkpoint.check(super) || checkpoint.has(F2fsCheckpoint::kQuotaNeedsFsck))
    return VolumeState::needs_check;
  const auto waits = F2fsRecovery(volume, super, checkpoint).waits();
  if (!waits) return VolumeState::unknown;
  return *waits || !checkpoint.has(F2fsCheckpoint::kUnmounted) ? VolumeState::dirty
                                                               : VolumeState::clean;
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_f2fs(const io::BlockSource& volume) {
  const auto super = TRY(F2fsSuper::read(volume));
  if (!super) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "F2FS";
  info.uuid = super->uuid;
  info.label = super->label;
  if (super->block_bits < 9 || super->block_bits > 16) return info;
  info.cluster = 1u << super->block_bits;
  set_counts(info, info.cluster, super->blocks, 0);
  info.used = 0;
  if (!super->check(volume.geometry().bytes)) return info;
  const auto checkpoint = F2fsCheckpoint::read(volume, *super);
  if (!checkpoint) return info;
  const std::uint64_t main = super->main_segments * kF2fsSegment;
  if (checkpoint->valid_blocks <= main)
    set_counts(info, kF2fsBlock, super->blocks, main - checkpoint->valid_blocks);
  info.state = state_of(volume, *super, *checkpoint);
  return info;
}

Result<ExtentMap> used_f2fs(const io::BlockSource& volume) {
  const auto super = TRY(F2fsSuper::read(volume));
  if (!super) return fail(doubt("its superblock has gone"));
  const std::uint64_t volume_bytes = volume.geometry().bytes;
  TRY(super->check(volume_bytes));
  const auto checkpoint = TRY(F2fsCheckpoint::read(volume, *super));
  TRY(checkpoint.check(*super));

  UsedMap map(volume_bytes);
  const std::uint64_t valid = TRY(keep_valid(volume, *super, checkpoint, map));
  const ExtentMap in_use = std::move(map).take();
  TRY(F2fsNodes(volume, *super, checkpoint, in_use).check(valid));

  UsedMap newer(volume_bytes);
  TRY(F2fsRecovery(volume, *super, checkpoint).keep(newer));
  const std::uint64_t main = super->main * kF2fsBlock;
  return with_outside(in_use.united(std::move(newer).take()),
                      {main, super->end() * kF2fsBlock - main}, volume_bytes);
}

}  // namespace drydock::fs
