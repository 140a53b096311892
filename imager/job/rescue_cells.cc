#include "job/rescue_cells.h"

#include <algorithm>

namespace drydock::job {
namespace {

char worse(char a, char b) {
  return kCellStates.find(a) < kCellStates.find(b) ? b : a;
}

}  // namespace

std::string rescue_cells(const rescue::AreaMap& map, std::size_t count) {
  if (map.bytes() == 0 || count == 0) return {};
  const std::uint64_t part = (map.bytes() - 1) / count + 1;
  std::string cells((map.bytes() - 1) / part + 1, kCellStates.front());
  for (std::size_t i = 0; i < map.size(); ++i) {
    const rescue::Area area = map.area(i);
    const auto status = static_cast<char>(area.status);
    for (std::size_t at = area.extent.offset / part; at <= (area.extent.end() - 1) / part; ++at)
      cells[at] = worse(cells[at], status);
  }
  return cells;
}

std::string fewer_cells(std::string_view cells, std::size_t count) {
  if (cells.size() <= count) return std::string(cells);
  std::string fewer(count, kCellStates.front());
  for (std::size_t i = 0; i < fewer.size(); ++i) {
    // What lies in two parts counts in both.
    const std::size_t end = ((i + 1) * cells.size() - 1) / count;
    for (std::size_t from = i * cells.size() / count; from <= end; ++from)
      fewer[i] = worse(fewer[i], cells[from]);
  }
  return fewer;
}

}  // namespace drydock::job
