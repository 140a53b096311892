#include "tui/choices.h"

#include <algorithm>
#include <format>

#include "base/units.h"

namespace drydock::tui {
namespace {

constexpr std::string_view kExtensions[] = {".img.zst", ".img"};
constexpr std::uint64_t kLargestOnFat = 4 * kGiB - 1;  // its directories hold 32 bits of size

const std::vector<job::ListedDisk>& drives_of(const Model& model) {
  static const std::vector<job::ListedDisk> kNone;
  return model.drives.listed ? *model.drives.listed : kNone;
}

// The end of what is written to the target, without the table at its end, which moves.
std::uint64_t needed_bytes(const Flow& flow) {
  std::uint64_t end = flow.source_end;
  if (!flow.inspection || !flow.inspection->manifest) return end;
  for (const VolumeRecord& volume : flow.inspection->manifest->volumes)
    end = std::max(end, volume.partition.extent.end());
  return end;
}

bool is_optical(const std::string& path) {
  return path.starts_with("/dev/sr");
}

// "pc.img.zst" of "pc.img.zst.part" and of "pc.img.zst.000.part"; empty for other names.
std::string image_of_part(std::string_view name) {
  for (const std::string_view ending : {".000.part", ".part"})
    if (name.ends_with(ending)) return std::string(name.substr(0, name.size() - ending.size()));
  return {};
}

int index_where(const auto& list, auto&& predicate) {
  const auto found = std::ranges::find_if(list, predicate);
  return found == list.end() ? -1 : static_cast<int>(found - list.begin());
}

// The first of the indices that is not -1.
int first_of(std::initializer_list<int> indices) {
  for (const int index : indices)
    if (index >= 0) return index;
  return -1;
}

}  // namespace

std::string source_refusal(const job::ListedDisk& drive) {
  if (!drive.disk.medium_present || drive.disk.geometry.bytes == 0) return "no medium in it";
  return {};
}

std::string target_refusal(const Flow& flow, const job::ListedDisk& drive) {
  if (is_optical(drive.disk.path)) return "an optical disc cannot be overwritten";
  if (!drive.disk.medium_present || drive.disk.geometry.bytes == 0) return "no medium in it";
  if (drive.disk.path == flow.source) return "it is the disk that is to be copied";
  if (flow.destination && flow.destination->disk == drive.disk.path)
    return "it holds the image that is to be restored";
  if (!drive.disk.in_use.empty()) return drive.disk.in_use[0];
  const std::uint64_t needed = needed_bytes(flow);
  if (drive.disk.geometry.bytes < needed)
    return std::format("too small: {} are needed, {} are missing", human_bytes(needed),
                       human_bytes(needed - drive.disk.geometry.bytes));
  return {};
}

std::string place_refusal(const Model& model, const job::Destination& place) {
  if (!place.unfit.empty()) return place.unfit;
  const std::uint64_t copy = disk_at(model, model.flow().source).geometry.bytes;
  if (model.verb == Verb::rescue && place.filesystem.starts_with("FAT") && copy > kLargestOnFat)
    return std::format("{} holds no file of more than 4 GiB, and the copy will have {}",
                       place.filesystem, vendor_bytes(copy));
  if (writes(model.verb) && (is_optical(place.disk) || place.filesystem == "ISO 9660"))
    return "an optical disc cannot be written to";
  return {};
}

std::string entry_refusal(const job::FolderEntry& entry) {
  if (entry.folder || entry.image) return {};
  if (entry.incomplete) return "incomplete: the save that wrote it did not reach its end";
  return "not a Drydock image";
}

std::vector<job::FolderEntry> listed_entries(const Flow& flow) {
  std::vector<job::FolderEntry> rows;
  if (!flow.folder.empty()) {
    rows.emplace_back().name = "..";
    rows.back().folder = true;
  }
  if (flow.entries) rows.insert(rows.end(), flow.entries->begin(), flow.entries->end());
  return rows;
}

int first_source(const Model& model) {
  const auto& drives = drives_of(model);
  const auto fits = [](const job::ListedDisk& drive) { return source_refusal(drive).empty(); };
  return first_of({index_where(drives,
                               [&](const job::ListedDisk& drive) {
                                 return drive.disk.path == model.flow().source;
                               }),
                   // What is built in is what people save; what is plugged in is where to.
                   index_where(drives,
                               [&](const job::ListedDisk& drive) {
                                 return fits(drive) && !drive.disk.removable &&
                                        drive.disk.id.bus != "USB";
                               }),
                   index_where(drives, fits)});
}

int first_place(const Model& model, std::string_view chosen_before) {
  const auto& places = model.flow().destinations;
  if (!places) return -1;
  return first_of(
      {index_where(*places,
                   [&](const job::Destination& place) { return place.device == chosen_before; }),
       index_where(
           *places,
           [&](const job::Destination& place) { return place_refusal(model, place).empty(); }),
       // Behind them all: the network.
       static_cast<int>(places->size())});
}

int first_entry(const Model& model) {
  const auto rows = listed_entries(model.flow());
  const bool images = !writes(model.verb);
  return first_of({index_where(rows, [&](const auto& row) { return images && row.image; }),
                   rows.empty() ? -1 : 0});
}

std::string marked_drive(const Model& model) {
  const auto& drives = drives_of(model);
  const auto row = static_cast<std::size_t>(model.flow().drive.row);
  return row < drives.size() ? drives[row].disk.path : std::string();
}

void mark_drive(Model& model, std::string_view path) {
  model.flow().drive.row = index_where(
      drives_of(model), [&](const job::ListedDisk& drive) { return drive.disk.path == path; });
}

// Of a split image the first piece stands for all.
const job::FolderEntry* unfinished(const std::string& name,
                                   const std::vector<job::FolderEntry>& entries) {
  const auto found = std::ranges::find_if(entries, [&](const job::FolderEntry& entry) {
    return entry.incomplete && image_of_part(entry.name) == name;
  });
  return found == entries.end() ? nullptr : &*found;
}

std::string unfinished_name(const DiskId& disk, const std::vector<job::FolderEntry>& entries) {
  // Without a serial number it could be any.
  if (disk.serial.empty()) return {};
  const auto found = std::ranges::find_if(entries, [&](const job::FolderEntry& entry) {
    return entry.incomplete && entry.disk == disk;
  });
  return found == entries.end() ? std::string() : image_of_part(found->name);
}

bool rescue_begun(const std::string& name, const std::vector<job::FolderEntry>& entries) {
  return std::ranges::contains(entries, name + ".map", &job::FolderEntry::name);
}

Disk disk_at(const Model& model, std::string_view path) {
  for (const job::ListedDisk& drive : drives_of(model))
    if (drive.disk.path == path) return drive.disk;
  Disk unknown;
  unknown.path = path;
  return unknown;
}

DiskId identity_of(const Model& model, std::string_view path) {
  return disk_at(model, path).id;
}

std::string unused_name(const std::string& name, const std::vector<job::FolderEntry>& entries) {
  const auto taken = [&](const std::string& candidate) {
    return std::ranges::any_of(entries, [&](const job::FolderEntry& entry) {
      return entry.name == candidate || entry.name == candidate + ".part";
    });
  };
  std::string stem = name;
  for (const std::string_view one : kExtensions)
    if (stem.ends_with(one)) stem.resize(stem.size() - one.size());
  const std::string extension = name.substr(stem.size());
  std::string candidate = name;
  for (int i = 2; taken(candidate); ++i) candidate = std::format("{}-{}{}", stem, i, extension);
  return candidate;
}

}  // namespace drydock::tui
