#pragma once

#include <cstdint>

namespace drydock {

// The bytes [offset, offset + length). An extent never reaches beyond 2^64 - 1.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;

  std::uint64_t end() const { return offset + length; }
  bool operator==(const Extent&) const = default;
};

// What two extents share; length 0 when they share nothing.
inline Extent intersection(Extent a, Extent b) {
  const std::uint64_t start = a.offset > b.offset ? a.offset : b.offset;
  const std::uint64_t end = a.end() < b.end() ? a.end() : b.end();
  return {start, end > start ? end - start : 0};
}

}  // namespace drydock
