#pragma once

#include <cstdint>
#include <optional>

#include "core/extent_map.h"

namespace drydock::engine {

// A piece of the disk that becomes one frame.
struct Cut {
  Extent extent;      // at most chunk bytes, or a run of whole chunks with nothing used in them
  bool used = false;  // false: nothing in it is used, it becomes a zero frame
};

// Cuts a disk into frames in order: used chunks one by one, unused ones as long runs. A pure
// function of its arguments; the map must outlive it.
class Cutter {
 public:
  // `chunk` divides `longest_run`.
  Cutter(const ExtentMap& used, std::uint64_t disk_bytes, std::uint64_t chunk,
         std::uint64_t longest_run)
      : used_(used), disk_bytes_(disk_bytes), chunk_(chunk), longest_run_(longest_run) {}

  // Nothing at the end of the disk.
  std::optional<Cut> next();

 private:
  const ExtentMap& used_;
  std::uint64_t disk_bytes_;
  std::uint64_t chunk_;
  std::uint64_t longest_run_;
  std::uint64_t position_ = 0;
  std::size_t next_extent_ = 0;  // the first that ends behind position_
};

// How many frames next() will give in all.
std::uint64_t count_cuts(const ExtentMap& used, std::uint64_t disk_bytes, std::uint64_t chunk,
                         std::uint64_t longest_run);

}  // namespace drydock::engine
