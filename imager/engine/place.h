#pragma once

#include "core/extent_map.h"
#include "io/block_sink.h"

namespace drydock::engine {

// Writes what is captured of `extent` to the target; what is not captured is left as it is. `raw`
// holds the bytes of `extent`, or is empty when all of them are zero.
Result<void> place(io::BlockSink& target, const ExtentMap& captured, Extent extent, Bytes raw);

}  // namespace drydock::engine
