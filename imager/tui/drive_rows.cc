#include "tui/drive_rows.h"

#include <algorithm>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "tui/look.h"
#include "tui/words.h"

namespace drydock::tui {
namespace {

constexpr int kWide = 72;  // from here on a drive's own facts go in one line
constexpr int kWithTemperature = 80;
constexpr int kBar = 10;

std::string size_words(const Disk& disk) {
  return disk.medium_present ? vendor_bytes(disk.geometry.bytes) : "no medium";
}

std::string temperature_words(const job::ListedDisk& drive) {
  return drive.condition.celsius ? std::format("{} C", *drive.condition.celsius) : "";
}

std::vector<std::string> head(const job::ListedDisk& drive, int width) {
  const Disk& disk = drive.disk;
  const std::string model =
      disk.id.model.empty() ? "Drive without a name" : printable(disk.id.model);
  const std::string serial = printable(disk.id.serial);
  if (width >= kWide) {
    const int temperature = width >= kWithTemperature ? 6 : 0;
    const int names = width - 13 - 10 - 7 - 10 - temperature;
    const int serial_width = std::min(20, names / 2);
    return {left(disk.path, 12) + " " + left(model, names - serial_width - 1) + " " +
            left(serial, serial_width) + " " + right(size_words(disk), 9) + " " +
            left(disk.id.bus, 6) + " " + left(lock_word(disk), 9) +
            right(temperature == 0 ? "" : temperature_words(drive), temperature)};
  }
  std::string second = "  " + size_words(disk);
  if (!disk.id.bus.empty()) second += ", " + disk.id.bus;
  if (!serial.empty()) second += ", serial " + serial;
  if (drive.condition.celsius) second += ", " + temperature_words(drive);
  return {left(disk.path, 12) + " " + left(model, width - 23) + " " + right(lock_word(disk), 9),
          cut(second, width)};
}

std::string use_words(const VolumeInfo& info, bool with_bar) {
  if (info.total == 0 || info.used > info.total) return with_bar ? std::string(kBar + 1, ' ') : "";
  const double share = static_cast<double>(info.used) / static_cast<double>(info.total);
  const std::string words = std::format("{:3.0f}% used", share * 100);
  return with_bar ? bar(share, kBar) + " " + words : words;
}

// What a person calls the volume: its label, else what the table says it is for.
std::string name_words(const Partition& partition, const VolumeInfo& info) {
  if (!info.label.empty()) return printable(info.label);
  if (!info.system.empty()) return printable(info.system);
  if (!partition.name.empty()) return printable(partition.name);
  return partition.type;
}

}  // namespace

std::string volume_line(const Partition& partition, const VolumeInfo& info, int width) {
  const bool wide = width >= kWide;
  const std::string number = partition.number == 0 ? "" : std::to_string(partition.number);
  const std::string filesystem = info.filesystem.empty() ? "not known" : printable(info.filesystem);
  const int use = wide ? kBar + 1 + 9 : 9;
  const int fixed = 2 + 3 + 1 + 10 + 1 + 1 + 10 + 2 + use;
  const int names = std::max(8, width - fixed);
  std::string name = name_words(partition, info);
  if (wide && !info.system.empty() && !info.label.empty()) name += ", " + printable(info.system);
  return cut("  " + right(number, 3) + " " + left(filesystem, 10) + " " + left(name, names) + " " +
                 right(human_bytes(partition.extent.length), 10) + "  " + use_words(info, wide),
             width);
}

std::vector<std::string> drive_lines(const job::ListedDisk& drive, int width) {
  std::vector<std::string> out = head(drive, width);
  for (const std::string& limit : drive.condition.limits)
    for (const std::string& one : wrap(limit, width - 2)) out.push_back("  " + one);
  if (!drive.problem.empty()) {
    for (const std::string& one : wrap("cannot be read: " + printable(drive.problem), width - 2))
      out.push_back("  " + one);
    return out;
  }
  const auto& partitions = drive.layout.partitions;
  for (std::size_t i = 0; i < std::min(partitions.size(), drive.volumes.size()); ++i)
    out.push_back(volume_line(partitions[i], drive.volumes[i], width));
  if (partitions.empty() && drive.disk.medium_present) out.push_back("      no partitions");
  return out;
}

}  // namespace drydock::tui
