#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/extent.h"

namespace drydock {

// A set of bytes as sorted extents that neither overlap nor touch and are never empty; the map
// keeps that invariant itself. 16 bytes of memory an extent. A value: copies are independent.
class ExtentMap {
 public:
  ExtentMap() = default;

  static ExtentMap whole(std::uint64_t bytes);
  // From extents in any order, overlapping or not; O(n log n).
  static ExtentMap from(std::vector<Extent> extents);

  // O(1) amortised behind the last extent, O(n) elsewhere. Extents of length 0 are ignored.
  void add(Extent extent);

  std::span<const Extent> extents() const { return extents_; }
  bool empty() const { return extents_.empty(); }
  std::uint64_t bytes() const;
  // One behind the last byte in the map, 0 when empty.
  std::uint64_t end() const { return extents_.empty() ? 0 : extents_.back().end(); }

  // True when every byte of `extent` is in the map.
  bool contains(Extent extent) const;
  // True when at least one byte of `extent` is in the map.
  bool intersects(Extent extent) const;
  // The extents that share bytes with `window`, not cut to it; O(log n).
  std::span<const Extent> touching(Extent window) const;

  ExtentMap united(const ExtentMap& other) const;
  ExtentMap intersected(const ExtentMap& other) const;
  ExtentMap subtracted(const ExtentMap& other) const;
  // The bytes of [0, bytes) that are not in the map.
  ExtentMap complement(std::uint64_t bytes) const;
  ExtentMap clipped(Extent window) const;
  // Every extent moved up by `by` bytes; the result must stay below 2^64.
  ExtentMap shifted(std::uint64_t by) const;
  // Every extent widened to whole units, the last one cut at `limit`.
  ExtentMap aligned_outward(std::uint64_t unit, std::uint64_t limit) const;

  bool operator==(const ExtentMap&) const = default;

 private:
  std::vector<Extent> extents_;
};

}  // namespace drydock
