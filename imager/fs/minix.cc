#include "fs/minix.h"

#include <format>

#include "fs/minix_inodes.h"
#include "fs/minix_super.h"
#include "fs/read.h"
#include "fs/trust.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

struct Zones {
  ExtentMap in_use;
  std::uint64_t count = 0;  // of those with data
};

Result<Zones> read_zone_map(const io::BlockSource& volume, const MinixSuper& super) {
  UsedMap map(volume.geometry().bytes);
  Window window(volume);
  const std::uint64_t block = super.block_bytes;
  Zones zones;
  for (std::uint64_t bit = 0; bit < super.zone_bits(); bit += super.bits_per_block()) {
    const std::uint64_t at =
        MinixSuper::kMaps + super.inode_map_blocks + bit / super.bits_per_block();
    const Bytes bytes = TRY(naming(window.at(at * block, super.block_bytes), "the zone map"));
    if (bit == 0 && (bytes[0] & std::byte{1}) == std::byte{0})
      return fail(doubt("its zone map does not begin as one"));
    zones.count += map.keep_bits(bytes, std::min(super.bits_per_block(), super.zone_bits() - bit),
                                 (super.first_data - 1 + bit) * block, block);
  }
  --zones.count;
  zones.in_use = std::move(map).take();
  return zones;
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_minix(const io::BlockSource& volume) {
  const auto super = TRY(MinixSuper::read(volume));
  if (!super) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "Minix";
  info.cluster = super->block_bytes << super->log_zone;
  info.total = super->zones * info.cluster;
  // The superblock counts nothing; a map of a usual size is quickly counted.
  constexpr std::uint64_t kMostBlocks = 512;
  if (super->zone_map_blocks <= kMostBlocks && super->check(volume.geometry().bytes)) {
    if (const auto zones = read_zone_map(volume, *super)) {
      info.used = (super->first_data + zones->count) * info.cluster;
      info.free = info.total - info.used;
    }
  }
  if (super->version == 3) return info;
  info.state = super->errors  ? VolumeState::needs_check
               : super->clean ? VolumeState::clean
                              : VolumeState::dirty;
  return info;
}

Result<ExtentMap> used_minix(const io::BlockSource& volume) {
  const auto super = TRY(MinixSuper::read(volume));
  if (!super) return fail(doubt("its superblock has gone"));
  const std::uint64_t volume_bytes = volume.geometry().bytes;
  TRY(super->check(volume_bytes));
  const Zones zones = TRY(read_zone_map(volume, *super));
  const std::uint64_t found = TRY(MinixInodes(volume, *super, zones.in_use).count_zones());
  if (found != zones.count)
    return fail(doubt(
        std::format("its zone map has {} zones in use, its inodes have {}", zones.count, found)));
  const std::uint64_t first = super->first_data * super->block_bytes;
  const std::uint64_t end = super->zones * super->block_bytes;
  return with_outside(zones.in_use, {first, end - first}, volume_bytes);
}

}  // namespace drydock::fs
