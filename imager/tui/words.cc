#include "tui/words.h"

#include <format>

#include <ftxui/screen/string.hpp>
#include "base/text.h"
#include "base/units.h"

namespace drydock::tui {
namespace {

// Glyphs of `utf8`, one a cell; behind a wide one stands an empty one.
std::vector<std::string> cells_of(std::string_view utf8) {
  return ftxui::Utf8ToGlyphs(std::string(utf8));
}

std::string joined(const std::vector<std::string>& cells, std::size_t from, std::size_t to) {
  std::string out;
  for (std::size_t i = from; i < to; ++i) out += cells[i];
  return out;
}

std::string named(std::string_view name, std::string_view serial) {
  if (serial.empty()) return printable(name);
  return std::format("{} ({})", printable(name), printable(serial));
}

std::string identified(const std::string& path, const DiskId& id, std::uint64_t bytes) {
  return std::format("{}, {}, {}",
                     named(id.model.empty() ? "Drive without a name" : id.model, id.serial),
                     vendor_bytes(bytes), path);
}

}  // namespace

int width_of(std::string_view utf8) {
  return ftxui::string_width(std::string(utf8));
}

std::string cut(std::string_view utf8, int width) {
  const auto cells = cells_of(utf8);
  const auto room = static_cast<std::size_t>(width < 0 ? 0 : width);
  if (cells.size() <= room) return std::string(utf8);
  if (room == 0) return {};
  std::size_t keep = room - 1;
  // Not half of a wide character.
  while (keep > 0 && cells[keep].empty()) --keep;
  return joined(cells, 0, keep) + "~";
}

std::string cut_front(std::string_view utf8, int width) {
  const auto cells = cells_of(utf8);
  const auto room = static_cast<std::size_t>(width < 1 ? 1 : width);
  if (cells.size() <= room) return std::string(utf8);
  std::size_t from = cells.size() - room + 1;
  while (from < cells.size() && cells[from].empty()) ++from;
  return "~" + joined(cells, from, cells.size());
}

std::string left(std::string_view utf8, int width) {
  std::string text = cut(utf8, width);
  const int missing = width - width_of(text);
  if (missing > 0) text.append(static_cast<std::size_t>(missing), ' ');
  return text;
}

std::string right(std::string_view utf8, int width) {
  const std::string text = cut(utf8, width);
  const int missing = width - width_of(text);
  return std::string(static_cast<std::size_t>(missing > 0 ? missing : 0), ' ') + text;
}

std::vector<std::string> wrap(std::string_view utf8, int width) {
  const auto cells = cells_of(utf8);
  const auto room = static_cast<std::size_t>(width < 1 ? 1 : width);
  std::vector<std::string> lines;
  std::size_t start = 0;
  while (cells.size() - start > room) {
    std::size_t end = start + room;
    while (end > start && cells[end] != " ") --end;
    const bool too_long = end == start;
    if (too_long) end = start + room;
    lines.push_back(joined(cells, start, end));
    start = too_long ? end : end + 1;
  }
  lines.push_back(joined(cells, start, cells.size()));
  return lines;
}

std::string drive_words(const Disk& disk) {
  return identified(disk.path, disk.id, disk.geometry.bytes);
}

std::string target_words(const Target& target) {
  if (target.is_file)
    return std::format("{}, {}", printable(target.path), human_bytes(target.bytes));
  return identified(target.path, target.id, target.bytes);
}

std::string destination_words(const job::Destination& destination) {
  std::string words = destination.device;
  if (!destination.label.empty()) words += std::format(" \"{}\"", printable(destination.label));
  if (!destination.disk_name.empty()) words += " on " + printable(destination.disk_name);
  return words;
}

std::string lock_word(const Disk& disk) {
  if (!disk.medium_present) return {};
  return disk.read_only ? "read-only" : "WRITABLE";
}

}  // namespace drydock::tui
