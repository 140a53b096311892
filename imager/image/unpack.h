#pragma once

#include "codec/zstd.h"
#include "image/index.h"

namespace drydock::image {

// Turns one frame into the bytes of the disk and proves them: the digest of the frame, its
// decompression, the digest of the result. For a zero frame `raw` is not touched; it need not
// even be there. Code::bad_input says what is wrong.
Result<void> unpack_frame(const FrameEntry& entry, Bytes packed, MutableBytes raw,
                          codec::ZstdDecompressor& zstd);

}  // namespace drydock::image
