#include "engine/cut.h"

#include <algorithm>

#include "base/checked.h"

namespace drydock::engine {

std::optional<Cut> Cutter::next() {
  if (position_ >= disk_bytes_) return std::nullopt;
  const auto extents = used_.extents();
  while (next_extent_ < extents.size() && extents[next_extent_].end() <= position_) ++next_extent_;
  const std::uint64_t next_used =
      next_extent_ < extents.size() ? extents[next_extent_].offset : disk_bytes_;
  // Chunks below the one that holds the next used byte are unused.
  const std::uint64_t unused_end =
      next_used >= disk_bytes_ ? disk_bytes_ : round_down(next_used, chunk_);
  Cut cut;
  if (unused_end > position_) {
    cut.extent = {position_, std::min(unused_end - position_, longest_run_)};
  } else {
    cut.extent = {position_, std::min(chunk_, disk_bytes_ - position_)};
    cut.used = true;
  }
  position_ = cut.extent.end();
  return cut;
}

std::uint64_t count_cuts(const ExtentMap& used, std::uint64_t disk_bytes, std::uint64_t chunk,
                         std::uint64_t longest_run) {
  Cutter cutter(used, disk_bytes, chunk, longest_run);
  std::uint64_t count = 0;
  while (cutter.next()) ++count;
  return count;
}

}  // namespace drydock::engine
