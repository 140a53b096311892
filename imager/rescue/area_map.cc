#include "rescue/area_map.h"

#include <algorithm>
#include <iterator>

namespace drydock::rescue {

AreaMap::AreaMap(std::uint64_t bytes) {
  append(bytes, Status::non_tried);
}

std::size_t AreaMap::index_of(Status status) {
  return static_cast<std::size_t>(std::ranges::find(kStatuses, status) - kStatuses.begin());
}

std::size_t AreaMap::find(std::uint64_t offset) const {
  const auto behind = std::ranges::upper_bound(runs_, offset, {}, &Run::offset);
  return static_cast<std::size_t>(behind - runs_.begin()) - 1;
}

Area AreaMap::area(std::size_t index) const {
  const Run& run = runs_[index];
  const std::uint64_t end = index + 1 < runs_.size() ? runs_[index + 1].offset : bytes_;
  return {{run.offset, end - run.offset}, run.status};
}

ExtentMap AreaMap::extents_of(Status status) const {
  ExtentMap map;
  for (std::size_t i = 0; i < runs_.size(); ++i)
    if (runs_[i].status == status) map.add(area(i).extent);
  return map;
}

void AreaMap::append(std::uint64_t length, Status status) {
  if (length == 0) return;
  if (runs_.empty() || runs_.back().status != status) runs_.push_back({bytes_, status});
  bytes_ += length;
  totals_[index_of(status)] += length;
}

void AreaMap::set(Extent extent, Status status) {
  if (extent.length == 0) return;
  std::size_t first = find(extent.offset);
  std::size_t last = find(extent.end() - 1);
  for (std::size_t i = first; i <= last; ++i) {
    const Area old = area(i);
    totals_[index_of(old.status)] -= intersection(old.extent, extent).length;
  }
  totals_[index_of(status)] += extent.length;

  const Area before = area(first);
  const Area after = area(last);
  const bool keeps_head = before.extent.offset < extent.offset;
  const bool keeps_tail = after.extent.end() > extent.end();
  // The neighbours that become part of the new run.
  if (!keeps_head && first > 0 && runs_[first - 1].status == status) --first;
  if (!keeps_tail && last + 1 < runs_.size() && runs_[last + 1].status == status) ++last;

  std::array<Run, 3> made;
  std::size_t count = 0;
  const Area joined = area(first);
  if (keeps_head && before.status != status) {
    made[count++] = {before.extent.offset, before.status};
    made[count++] = {extent.offset, status};
  } else {
    made[count++] = {std::min(joined.extent.offset, extent.offset), status};
  }
  if (keeps_tail && after.status != status) made[count++] = {extent.end(), after.status};

  const std::size_t replaced = last - first + 1;
  const std::size_t common = std::min(count, replaced);
  const auto at = runs_.begin() + static_cast<std::ptrdiff_t>(first);
  std::copy_n(made.begin(), common, at);
  const auto rest = at + static_cast<std::ptrdiff_t>(common);
  if (count > replaced)
    runs_.insert(rest, made.begin() + static_cast<std::ptrdiff_t>(common),
                 made.begin() + static_cast<std::ptrdiff_t>(count));
  else
    runs_.erase(rest, rest + static_cast<std::ptrdiff_t>(replaced - common));
}

std::optional<Area> AreaMap::next(Status status, std::uint64_t from) const {
  if (from >= bytes_) return std::nullopt;
  for (std::size_t i = find(from); i < runs_.size(); ++i) {
    if (runs_[i].status != status) continue;
    Area found = area(i);
    const std::uint64_t start = std::max(found.extent.offset, from);
    found.extent = {start, found.extent.end() - start};
    return found;
  }
  return std::nullopt;
}

std::optional<Area> AreaMap::previous(Status status, std::uint64_t to) const {
  to = std::min(to, bytes_);
  if (to == 0) return std::nullopt;
  for (std::size_t i = find(to - 1) + 1; i-- > 0;) {
    if (runs_[i].status != status) continue;
    Area found = area(i);
    found.extent.length = std::min(found.extent.end(), to) - found.extent.offset;
    return found;
  }
  return std::nullopt;
}

}  // namespace drydock::rescue
