#include <format>
#include <utility>
#include <vector>

#include "base/text.h"
#include "job/unfinished.h"

namespace drydock::job {
namespace {

// What of a manifest must stay the same, in the order in which a person is told: name, value.
using Traits = std::vector<std::pair<std::string, std::string>>;

std::string yes_no(bool value) {
  return value ? "yes" : "no";
}

std::string bytes(std::uint64_t count) {
  return std::format("{} bytes", count);
}

void add_disk(Traits& traits, const Manifest& manifest) {
  const Geometry& geometry = manifest.geometry;
  traits.emplace_back("the size of the disk", bytes(geometry.bytes));
  traits.emplace_back("the model of the disk", manifest.id.model);
  traits.emplace_back("the serial number of the disk", manifest.id.serial);
  traits.emplace_back("the WWN of the disk", manifest.id.wwn);
  traits.emplace_back("the connection of the disk", manifest.id.bus);
  traits.emplace_back("the sector size of the disk",
                      std::format("{}/{}", geometry.logical_sector, geometry.physical_sector));
  traits.emplace_back("the partition table",
                      std::format("{} {}", table_name(manifest.table), manifest.table_id));
  traits.emplace_back("the number of volumes", std::to_string(manifest.volumes.size()));
}

void add_volume(Traits& traits, const VolumeRecord& volume) {
  const Partition& partition = volume.partition;
  const VolumeInfo& info = volume.info;
  const std::string of = partition.number == 0 ? std::string(" of the disk")
                                               : std::format(" of partition {}", partition.number);
  traits.emplace_back("the place" + of, std::format("bytes {} to {}", partition.extent.offset,
                                                    partition.extent.end()));
  traits.emplace_back("the type" + of, partition.type_id);
  traits.emplace_back("the name" + of, partition.name);
  traits.emplace_back("the UUID" + of, partition.uuid);
  traits.emplace_back("the boot mark" + of, yes_no(partition.active));
  traits.emplace_back("the filesystem" + of, info.filesystem);
  traits.emplace_back("the label" + of, info.label);
  traits.emplace_back("the filesystem's UUID" + of, info.uuid);
  traits.emplace_back("the state" + of, state_name(info.state));
  traits.emplace_back("the space in use" + of, bytes(info.used));
  traits.emplace_back("the free space" + of, bytes(info.free));
  traits.emplace_back("the reason to keep all" + of, volume.whole_reason);
  traits.emplace_back("what is to be kept" + of, bytes(volume.kept_bytes));
}

Traits traits_of(const Manifest& manifest) {
  Traits traits;
  traits.emplace_back("the program", manifest.tool);
  add_disk(traits, manifest);
  for (const VolumeRecord& volume : manifest.volumes) add_volume(traits, volume);
  traits.emplace_back("what is to be kept", bytes(manifest.kept_bytes));
  traits.emplace_back("the chunk size", bytes(manifest.chunk_bytes));
  traits.emplace_back("the level", std::to_string(manifest.level));
  traits.emplace_back("the note", manifest.note);
  return traits;
}

std::string shown(const std::string& value) {
  return value.empty() ? "nothing" : printable(value);
}

}  // namespace

std::string difference(const Manifest& begun, const Manifest& now) {
  const Traits before = traits_of(begun);
  const Traits after = traits_of(now);
  // The number of volumes, which differs first, stands before them.
  for (std::size_t i = 0; i < before.size() && i < after.size(); ++i)
    if (before[i] != after[i])
      return std::format("{} was {} and is {} now", before[i].first, shown(before[i].second),
                         shown(after[i].second));
  Manifest same_time = now;
  same_time.created = begun.created;
  same_time.image_id = begun.image_id;
  return begun == same_time ? "" : "what a volume holds inside has changed";
}

}  // namespace drydock::job
