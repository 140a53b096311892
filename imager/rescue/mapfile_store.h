#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "rescue/mapfile.h"

namespace drydock::rescue {

// The mapfile at `path`; nothing when there is none, or an empty one, which is a rescue that has
// not begun. Damaged ones are parse_mapfile's errors.
Result<std::optional<Mapfile>> load_mapfile(const std::string& path);

// Replaces the one at `path` by way of PATH.new: whatever happens meanwhile, also a power cut,
// there is the old one or the new one, whole. On stable storage when it returns.
Result<void> store_mapfile(const std::string& path, const Mapfile& mapfile);

}  // namespace drydock::rescue
