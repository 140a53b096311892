#include "fs/apfs.h"

#include "fs/apfs_container.h"
#include "fs/apfs_space.h"
#include "fs/apfs_survey.h"
#include "fs/apfs_volumes.h"
#include "fs/read.h"
#include "fs/trust.h"

namespace drydock::fs {
namespace {

// The names of the volumes; empty when they cannot be had: a label is no reason to fail.
std::string label_of(const ApfsContainer& container) {
  constexpr std::size_t kMostBytes = 256;
  const auto map = ApfsObjectMap::read(container, container.super().object_map);
  if (!map) return "";
  ApfsVolumeFinder finder(container.super());
  ApfsTree tree(container, ApfsTree::Storage::physical, ApfsObject::kObjectMap, "the object map");
  const auto walked = tree.each_record(
      map->tree, [](std::uint64_t) -> Result<void> { return {}; },
      [&](const ByteReader& key, const ByteReader& value) -> Result<void> {
        finder.look_at(TRY(ApfsMapping::decode(key, value, container.super().block_bytes)));
        return {};
      });
  const auto volumes = finder.read(container);
  if (!walked || !volumes) return "";
  std::string label;
  for (const ApfsVolume& volume : *volumes) {
    if (label.size() + volume.name.size() > kMostBytes) return label + ", …";
    if (!label.empty()) label += ", ";
    label += volume.name;
  }
  return label;
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_apfs(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 0, 4096), "the APFS container superblock"));
  const auto super = ApfsSuper::decode(bytes);
  if (!super) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "APFS";
  info.uuid = super->uuid;
  info.state = VolumeState::needs_check;
  if (super->block_bytes < 4096 || super->block_bytes > 65536) return info;
  info.cluster = super->block_bytes;
  if (super->blocks <= UINT64_MAX / 65536) info.total = super->blocks * super->block_bytes;

  const auto container = ApfsContainer::open(volume);
  if (!container) return info;
  info.label = label_of(*container);
  info.total = container->super().blocks * info.cluster;
  const auto space = ApfsSpace::read(volume, *container);
  if (!space) return info;
  info.free = space->free_blocks() * info.cluster;
  info.used = info.total - info.free;
  info.state = container->clean() ? VolumeState::clean : VolumeState::dirty;
  return info;
}

Result<ExtentMap> used_apfs(const io::BlockSource& volume) {
  const ApfsContainer container = TRY(ApfsContainer::open(volume));
  const ExtentMap in_use = TRY(ApfsSurvey(volume, container).run());
  const std::uint64_t bytes = container.super().blocks * container.super().block_bytes;
  return with_outside(in_use, {0, bytes}, volume.geometry().bytes);
}

}  // namespace drydock::fs
