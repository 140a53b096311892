#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rescue/area_map.h"

namespace drydock::job {

// A drive as a row of equal parts, each told by the worst of what is in it: so only a part that was
// read wholly counts as rescued. The characters are those of the mapfile, from the best to the
// worst: rescued, not tried, failed (in a large read; between bad edges), bad.
inline constexpr std::string_view kCellStates = "+?*/-";

// Not more than `count` parts, of whole bytes; linear in the runs of the map.
std::string rescue_cells(const rescue::AreaMap& map, std::size_t count);

// The same drive in not more than `count` parts.
std::string fewer_cells(std::string_view cells, std::size_t count);

}  // namespace drydock::job
