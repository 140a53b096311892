#pragma once

#include <cstdint>

#include "core/extent_map.h"
#include "io/block_source.h"

namespace drydock::job {

// About how many bytes the image of `kept` will have: compresses an even sample of it at most 32
// MiB large. What cannot be read counts in full. Never more than kept bytes plus the overhead.
std::uint64_t estimate_image(const io::BlockSource& source, const ExtentMap& kept, int level);

}  // namespace drydock::job
