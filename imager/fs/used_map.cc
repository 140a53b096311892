#include "fs/used_map.h"

#include <algorithm>
#include <bit>

#include "base/checked.h"

namespace drydock::fs {

void UsedMap::keep(std::uint64_t offset, std::uint64_t length) {
  if (offset >= volume_bytes_ || length == 0) return;
  length = std::min(length, volume_bytes_ - offset);
  if (!extents_.empty()) {
    Extent& last = extents_.back();
    if (offset >= last.offset && offset <= last.end() + smallest_gap_) {
      last.length = std::max(last.end(), offset + length) - last.offset;
      return;
    }
  }
  if (extents_.size() >= most_) thin_out();
  extents_.push_back({offset, length});
}

std::uint64_t UsedMap::keep_bits(Bytes bitmap, std::uint64_t bits, std::uint64_t offset,
                                 std::uint64_t unit) {
  std::uint64_t set = 0;
  std::uint64_t start = find_bit(bitmap, bits, 0, true);
  while (start < bits) {
    const std::uint64_t end = find_bit(bitmap, bits, start, false);
    keep(offset + start * unit, (end - start) * unit);
    set += end - start;
    start = find_bit(bitmap, bits, end, true);
  }
  return set;
}

ExtentMap UsedMap::take() && {
  sort_and_merge();
  ExtentMap map;
  for (const Extent& extent : extents_) map.add(extent);
  return map;
}

void UsedMap::sort_and_merge() {
  if (extents_.empty()) return;
  if (!std::ranges::is_sorted(extents_, {}, &Extent::offset))
    std::ranges::sort(extents_, {}, &Extent::offset);
  std::size_t last = 0;
  for (std::size_t i = 1; i < extents_.size(); ++i) {
    const Extent next = extents_[i];
    Extent& merged = extents_[last];
    if (next.offset <= merged.end() + smallest_gap_)
      merged.length = std::max(merged.end(), next.end()) - merged.offset;
    else
      extents_[++last] = next;
  }
  extents_.resize(last + 1);
}

void UsedMap::thin_out() {
  sort_and_merge();
  while (extents_.size() > most_ / 2 && extents_.size() > 1) {
    smallest_gap_ = std::max<std::uint64_t>(512, smallest_gap_ * 2);
    sort_and_merge();
  }
}

std::uint64_t find_bit(Bytes bitmap, std::uint64_t bits, std::uint64_t from, bool value) {
  const std::byte* const bytes = bitmap.data();
  const std::uint64_t flip = value ? 0 : ~std::uint64_t{0};
  while (from < bits) {
    const std::uint64_t byte = from / 8;
    const bool word = from % 64 == 0 && bits - from >= 64;
    const std::uint64_t here =
        word ? load_le<std::uint64_t>(bytes + byte) ^ flip
             : (std::to_integer<std::uint64_t>(bytes[byte]) ^ (flip & 0xFF)) >> (from % 8);
    if (here != 0) return std::min(bits, from + static_cast<unsigned>(std::countr_zero(here)));
    from += word ? 64 : 8 - from % 8;
  }
  return bits;
}

bool bit_at(Bytes bitmap, std::uint64_t bit) {
  return (std::to_integer<unsigned>(bitmap[bit / 8]) >> bit % 8 & 1) != 0;
}

std::uint64_t count_bits(Bytes bitmap, std::uint64_t bits) {
  std::uint64_t set = 0;
  for (std::uint64_t i = 0; i < bits / 8; ++i)
    set += static_cast<unsigned>(std::popcount(std::to_integer<unsigned>(bitmap[i])));
  for (std::uint64_t bit = round_down<std::uint64_t>(bits, 8); bit < bits; ++bit)
    set += bit_at(bitmap, bit) ? 1 : 0;
  return set;
}

}  // namespace drydock::fs
