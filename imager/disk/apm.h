#pragma once

#include <optional>

#include "base/result.h"
#include "core/layout.h"
#include "io/block_source.h"

namespace drydock::disk {

// The partitions of an Apple partition map (Apple, Inside Macintosh: Devices, chapter 3): a driver
// descriptor in block 0 and a map of equal entries from block 1 on, all big-endian. Numbered by
// their place in the map, as Linux does; the map's own entry and those of free space are left out.
// Nothing when the disk has none.
Result<std::optional<Layout>> apm_layout(const io::BlockSource& disk);

}  // namespace drydock::disk
