#pragma once

#include "base/result.h"
#include "core/extent_map.h"
#include "io/block_source.h"

namespace drydock::engine {

// Reads what is captured of `extent` into `raw` (extent.length bytes) and makes the rest zero.
// Sectors that the medium does not give become zeros too and are added to `unreadable`; every
// other failure is an Error. `captured` and `data` are maps of the whole disk; what is captured
// but not in `data` is known to be zero and is not read.
Result<void> fetch(const io::BlockSource& source, const ExtentMap& captured, const ExtentMap& data,
                   Extent extent, MutableBytes raw, ExtentMap& unreadable);

}  // namespace drydock::engine
