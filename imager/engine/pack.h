#pragma once

#include "codec/zstd.h"
#include "image/index.h"

namespace drydock::engine {

// Makes the frame of one chunk in `packed` (codec::zstd_bound(raw.size()) bytes): of zeros when
// all of it is zero, else zstd's.
Result<image::FrameEntry> pack(Bytes raw, MutableBytes packed, codec::ZstdCompressor& zstd);

// The frame of `length` unused bytes. `packed` has codec::zero_frame_size(length) bytes.
image::FrameEntry pack_zeros(std::uint64_t length, MutableBytes packed);

}  // namespace drydock::engine
