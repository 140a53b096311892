#pragma once

#include "base/result.h"
#include "codec/zstd.h"
#include "image/index.h"

namespace drydock::engine {

// What a frame that an earlier run has stored turns out to be.
enum class Stored {
  same,     // whole, and holds what the disk holds
  torn,     // not whole
  another,  // whole, and holds something else
};

struct Proof {
  Stored is = Stored::torn;
  image::FrameEntry entry = {};  // when it is the same
};

// Compares a stored frame, as long as its headers say, with what the disk holds now: `raw`, or
// `length` unused bytes when that is empty. `scratch` is as large as the largest chunk; `zstd`
// compares checksums. An Error is of the machine.
Result<Proof> prove(Bytes frame, std::uint64_t length, Bytes raw, MutableBytes scratch,
                    codec::ZstdDecompressor& zstd);

}  // namespace drydock::engine
