#pragma once

#include <string>

#include "base/result.h"
#include "core/consent.h"
#include "core/extent_map.h"
#include "rescue/mapfile.h"

namespace drydock::job {

// What a rescue is about; by this a map is known to be its own.
struct RescueOf {
  DiskId source;
  std::uint64_t bytes = 0;
  Target target;
  std::string command;
};

struct RescueMap {
  rescue::Mapfile state;
  bool names_target = false;  // and it is the one of this rescue
};

// The map at `path` as far as it was left, made as long as the source; a new one where there is
// none. Refuses (Code::bad_input) one of a longer source, and one that names another source or
// target: GNU ddrescue, when it has gone on with a map, leaves it without these names.
Result<RescueMap> load_rescue_map(const std::string& path, const RescueOf& rescue);

// What the map at `path` does not call finished; for a copy of `bytes` bytes.
Result<ExtentMap> unread_by_map(const std::string& path, std::uint64_t bytes);

}  // namespace drydock::job
