#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/bytes.h"
#include "core/extent_map.h"

namespace drydock::fs {

// Collects the bytes of a volume that must be kept, in any order, in bounded memory: when there are
// too many extents, the smallest gaps between them are kept too.
class UsedMap {
 public:
  static constexpr std::size_t kMostExtents = std::size_t{1} << 20;

  explicit UsedMap(std::uint64_t volume_bytes, std::size_t most_extents = kMostExtents)
      : volume_bytes_(volume_bytes), most_(most_extents) {}

  // Cut at the end of the volume.
  void keep(std::uint64_t offset, std::uint64_t length);

  // The first `bits` bits of `bitmap`, least significant first, stand for `unit` bytes each from
  // `offset` on; those that are set are kept. Returns how many were set. `bitmap` is long enough.
  std::uint64_t keep_bits(Bytes bitmap, std::uint64_t bits, std::uint64_t offset,
                          std::uint64_t unit);

  ExtentMap take() &&;

 private:
  void sort_and_merge();
  void thin_out();

  std::uint64_t volume_bytes_;
  std::size_t most_;
  std::uint64_t smallest_gap_ = 0;  // gaps up to this size are not worth an extent
  std::vector<Extent> extents_;
};

// Where in [from, bits) the next bit equal to `value` is; `bits` when there is none.
std::uint64_t find_bit(Bytes bitmap, std::uint64_t bits, std::uint64_t from, bool value);

// One bit, the least significant of the first byte being number 0.
bool bit_at(Bytes bitmap, std::uint64_t bit);

// How many of the first `bits` bits are set.
std::uint64_t count_bits(Bytes bitmap, std::uint64_t bits);

}  // namespace drydock::fs
