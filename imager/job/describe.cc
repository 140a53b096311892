#include "job/describe.h"

#include <algorithm>
#include <format>

#include "base/text.h"
#include "base/units.h"

namespace drydock::job {

std::string describe_drive(const std::string& path, const DiskId& id, std::uint64_t bytes) {
  std::string name = printable(id.model);
  if (name.empty()) name = printable(path);
  if (!id.serial.empty()) name += " (" + printable(id.serial) + ")";
  return name + ", " + vendor_bytes(bytes);
}

std::string describe_volume(const Partition& partition, const VolumeInfo& info) {
  std::string text =
      partition.number == 0 ? "the whole disk" : std::format("partition {}", partition.number);
  text += ", " + (info.filesystem.empty() ? "content not recognised" : info.filesystem);
  if (!info.label.empty()) text += " \"" + printable(info.label) + "\"";
  return text;
}

namespace {

// The volumes inside another one of which everything is kept.
std::string describe_inner(const std::vector<InnerVolume>& volumes) {
  std::string text;
  for (const InnerVolume& inner : volumes)
    if (!inner.whole_reason.empty())
      text += std::format("; all {} of its volume {}, because {}", human_bytes(inner.kept),
                          inner.name, inner.whole_reason);
  return text;
}

}  // namespace

std::string describe_kept(const VolumeRecord& volume) {
  const std::string name = describe_volume(volume.partition, volume.info);
  const std::string total = human_bytes(volume.partition.extent.length);
  if (volume.whole_reason.empty())
    return std::format("{}: {} of {} are in use and kept{}", name, human_bytes(volume.kept_bytes),
                       total, describe_inner(volume.inner));
  return std::format("{}: all {} are kept, because {}", name, total, volume.whole_reason);
}

VolumeRecord record_of(const Volume& volume) {
  return {.partition = volume.partition,
          .info = volume.info,
          .whole_reason = volume.whole_reason,
          .kept_bytes = volume.used.bytes(),
          .inner = volume.inner};
}

std::vector<std::string> describe_content(const DiskMap& map) {
  std::vector<std::string> lines;
  if (map.layout.table != TableKind::none)
    lines.push_back(std::format("a {} table with {}", table_name(map.layout.table),
                                counted(map.layout.partitions.size(), "partition")));
  for (const Volume& volume : map.volumes)
    lines.push_back(std::format("{}, {}", describe_volume(volume.partition, volume.info),
                                human_bytes(volume.partition.extent.length)));
  return lines;
}

std::string volume_at(const std::vector<VolumeRecord>& volumes, std::uint64_t offset) {
  for (const VolumeRecord& volume : volumes)
    if (intersection(volume.partition.extent, {offset, 1}).length != 0)
      return describe_volume(volume.partition, volume.info);
  return "no partition";
}

std::vector<std::string> describe_missing(const ExtentMap& missing,
                                          const std::vector<VolumeRecord>& volumes) {
  constexpr std::size_t kShown = 10;
  std::vector<std::string> lines;
  const auto areas = missing.extents();
  for (const Extent& area : areas.first(std::min(kShown, areas.size())))
    lines.push_back(std::format("Bytes {} to {} are missing: {}", area.offset, area.end(),
                                volume_at(volumes, area.offset)));
  if (areas.size() > kShown)
    lines.push_back(std::format("And {} more, {} in all", counted(areas.size() - kShown, "area"),
                                human_bytes(missing.bytes())));
  return lines;
}

std::string shell_word(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace drydock::job
