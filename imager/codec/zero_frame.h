#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace drydock::codec {

// A zstd frame of RLE blocks that decompresses to zeros: 4 bytes for every 128 KiB (RFC 8878
// §3.1.1.2.2). There is exactly one such frame for a length, so checking one is comparing bytes.

// `raw` is 1 .. 2^32 - 1 bytes.
std::size_t zero_frame_size(std::uint64_t raw);

// `out` has zero_frame_size(raw) bytes.
void write_zero_frame(std::uint64_t raw, MutableBytes out);

bool is_zero_frame(Bytes frame, std::uint64_t raw);

}  // namespace drydock::codec
