#pragma once

#include <cstdint>

namespace drydock {

// How large a disk is and in which units it must be addressed.
struct Geometry {
  std::uint64_t bytes = 0;
  std::uint32_t logical_sector = 512;   // unit of LBAs in a partition table and of direct I/O
  std::uint32_t physical_sector = 512;  // unit in which the medium fails

  bool operator==(const Geometry&) const = default;
};

}  // namespace drydock
