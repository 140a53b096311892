#pragma once

#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "core/extent_map.h"

namespace drydock::image {

// What of the disk an image holds. Bytes outside `captured` are unallocated and read as zeros;
// `unreadable` is a part of `captured` that the source did not give and that reads as zeros too.
struct Maps {
  ExtentMap captured;
  ExtentMap unreadable;

  bool operator==(const Maps&) const = default;
};

// docs/format.md §4.
std::vector<std::byte> maps_body(const Maps& maps);

// Every extent must lie inside a disk of `disk_bytes`.
Result<Maps> parse_maps(Bytes body, std::uint64_t disk_bytes);

}  // namespace drydock::image
