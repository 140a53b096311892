#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/extent.h"
#include "core/extent_map.h"

namespace drydock::rescue {

// How far the rescue of a sector has come, by GNU ddrescue's words and characters (its manual,
// "Mapfile structure").
enum class Status : char {
  non_tried = '?',
  non_trimmed = '*',  // in a large read that failed
  non_scraped = '/',  // the same, between edges that are known to be bad
  bad = '-',          // failed when it was read alone
  finished = '+',
};

inline constexpr std::array kStatuses = {Status::non_tried, Status::non_trimmed,
                                         Status::non_scraped, Status::bad, Status::finished};

// A run of one status.
struct Area {
  Extent extent;
  Status status = Status::non_tried;

  bool operator==(const Area&) const = default;
};

// The status of every byte of [0, bytes). A value; 16 bytes of memory a run.
class AreaMap {
 public:
  // More runs than this are refused by what reads or makes maps: 16 MiB of memory, and more than
  // any drive is known to have survived.
  static constexpr std::size_t kMaxAreas = std::size_t{1} << 20;

  AreaMap() = default;
  explicit AreaMap(std::uint64_t bytes);

  std::uint64_t bytes() const { return bytes_; }
  std::size_t size() const { return runs_.size(); }
  Area area(std::size_t index) const;
  // How many bytes have that status; O(1).
  std::uint64_t bytes_of(Status status) const { return totals_[index_of(status)]; }
  ExtentMap extents_of(Status status) const;

  // Makes the map longer; O(1).
  void append(std::uint64_t length, Status status);
  // The extent must lie inside the map; O(log n) where it only moves a border, else O(n).
  void set(Extent extent, Status status);

  // The run that holds byte `offset`, which must be inside.
  Area at(std::uint64_t offset) const { return area(find(offset)); }

  // The first run of that status with a byte at or behind `from`, cut to begin there; the last one
  // with a byte below `to`, cut to end there.
  std::optional<Area> next(Status status, std::uint64_t from) const;
  std::optional<Area> previous(Status status, std::uint64_t to) const;

  bool operator==(const AreaMap&) const = default;

 private:
  struct Run {
    std::uint64_t offset;
    Status status;

    bool operator==(const Run&) const = default;
  };

  static std::size_t index_of(Status status);
  std::size_t find(std::uint64_t offset) const;

  std::uint64_t bytes_ = 0;
  std::vector<Run> runs_;  // ascending, the first at 0; neighbours differ
  std::array<std::uint64_t, kStatuses.size()> totals_{};
};

}  // namespace drydock::rescue
