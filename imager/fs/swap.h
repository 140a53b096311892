#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// Linux swap areas and hibernation images in them (include/linux/swap.h, kernel/power/swap.c).
Result<std::optional<VolumeInfo>> probe_swap(const io::BlockSource& volume);

// The header page and what lies behind the last page: what was swapped out means nothing to the
// next system that starts. An area that holds a hibernated system is kept whole.
Result<ExtentMap> used_swap(const io::BlockSource& volume);

}  // namespace drydock::fs
