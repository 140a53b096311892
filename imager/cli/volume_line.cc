#include "cli/volume_line.h"

#include <format>

#include "base/text.h"
#include "base/units.h"

namespace drydock::cli {

namespace {

std::string content_line(const VolumeInfo& info, std::uint64_t bytes) {
  std::string line = info.filesystem.empty() ? "not recognised" : info.filesystem;
  if (!info.label.empty()) line += " \"" + printable(info.label) + "\"";
  line += ", " + human_bytes(bytes);
  if (info.used != 0) line += ", " + human_bytes(info.used) + " used";
  if (info.state == VolumeState::dirty || info.state == VolumeState::needs_check ||
      info.state == VolumeState::hibernated)
    line += ", " + std::string(state_name(info.state));
  if (!info.system.empty()) line += ", " + printable(info.system);
  return line;
}

}  // namespace

std::string volume_line(const Partition& partition, const VolumeInfo& info) {
  std::string line = partition.number == 0 ? "-  " : std::format("{:<3}", partition.number);
  line += content_line(info, partition.extent.length);
  if (!partition.type.empty()) line += ", " + partition.type;
  if (!info.uuid.empty()) line += ", UUID " + info.uuid;
  return line;
}

std::string inner_line(const InnerVolume& volume) {
  return content_line(volume.info, volume.bytes);
}

}  // namespace drydock::cli
