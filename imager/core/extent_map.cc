#include "core/extent_map.h"

#include <algorithm>

#include "base/checked.h"

namespace drydock {

ExtentMap ExtentMap::whole(std::uint64_t bytes) {
  ExtentMap map;
  map.add({0, bytes});
  return map;
}

ExtentMap ExtentMap::from(std::vector<Extent> extents) {
  std::ranges::sort(extents, {}, &Extent::offset);
  ExtentMap map;
  for (const Extent& extent : extents) map.add(extent);
  return map;
}

void ExtentMap::add(Extent extent) {
  if (extent.length == 0) return;
  if (extents_.empty() || extent.offset > extents_.back().end()) {
    extents_.push_back(extent);
    return;
  }
  // All extents that overlap or touch the new one merge with it.
  const auto first = std::ranges::lower_bound(extents_, extent.offset, {}, &Extent::end);
  auto last = first;
  std::uint64_t start = extent.offset;
  std::uint64_t end = extent.end();
  for (; last != extents_.end() && last->offset <= extent.end(); ++last) {
    start = std::min(start, last->offset);
    end = std::max(end, last->end());
  }
  if (first == last) {
    extents_.insert(first, extent);
    return;
  }
  *first = {start, end - start};
  extents_.erase(first + 1, last);
}

std::uint64_t ExtentMap::bytes() const {
  std::uint64_t sum = 0;
  for (const Extent& extent : extents_) sum += extent.length;
  return sum;
}

std::span<const Extent> ExtentMap::touching(Extent window) const {
  if (window.length == 0) return {};
  const auto first = std::ranges::upper_bound(extents_, window.offset, {}, &Extent::end);
  const auto last = std::ranges::lower_bound(extents_, window.end(), {}, &Extent::offset);
  return first < last ? std::span(first, last) : std::span<const Extent>();
}

bool ExtentMap::contains(Extent extent) const {
  if (extent.length == 0) return true;
  const auto found = touching(extent);
  return found.size() == 1 && found[0].offset <= extent.offset && found[0].end() >= extent.end();
}

bool ExtentMap::intersects(Extent extent) const {
  return !touching(extent).empty();
}

ExtentMap ExtentMap::united(const ExtentMap& other) const {
  ExtentMap result;
  result.extents_.reserve(extents_.size() + other.extents_.size());
  auto a = extents_.begin();
  auto b = other.extents_.begin();
  while (a != extents_.end() || b != other.extents_.end()) {
    const bool from_a =
        b == other.extents_.end() || (a != extents_.end() && a->offset <= b->offset);
    result.add(from_a ? *a++ : *b++);
  }
  return result;
}

ExtentMap ExtentMap::intersected(const ExtentMap& other) const {
  ExtentMap result;
  auto a = extents_.begin();
  auto b = other.extents_.begin();
  while (a != extents_.end() && b != other.extents_.end()) {
    result.add(intersection(*a, *b));
    if (a->end() < b->end())
      ++a;
    else
      ++b;
  }
  return result;
}

ExtentMap ExtentMap::subtracted(const ExtentMap& other) const {
  return intersected(other.complement(end()));
}

ExtentMap ExtentMap::complement(std::uint64_t bytes) const {
  ExtentMap result;
  std::uint64_t position = 0;
  for (const Extent& extent : extents_) {
    if (extent.offset >= bytes) break;
    result.add({position, extent.offset - position});
    position = extent.end();
  }
  if (position < bytes) result.add({position, bytes - position});
  return result;
}

ExtentMap ExtentMap::clipped(Extent window) const {
  ExtentMap result;
  for (const Extent& extent : touching(window)) result.add(intersection(extent, window));
  return result;
}

ExtentMap ExtentMap::shifted(std::uint64_t by) const {
  ExtentMap result = *this;
  for (Extent& extent : result.extents_) extent.offset += by;
  return result;
}

ExtentMap ExtentMap::aligned_outward(std::uint64_t unit, std::uint64_t limit) const {
  ExtentMap result;
  for (const Extent& extent : extents_) {
    const std::uint64_t start = round_down(extent.offset, unit);
    const std::uint64_t end =
        std::min(limit, checked_add(extent.end(), unit - 1)
                            .transform([&](std::uint64_t e) { return round_down(e, unit); })
                            .value_or(limit));
    if (end > start) result.add({start, end - start});
  }
  return result;
}

}  // namespace drydock
