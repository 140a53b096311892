#include "image/unpack.h"

#include "codec/zero_frame.h"

namespace drydock::image {

Result<void> unpack_frame(const FrameEntry& entry, Bytes packed, MutableBytes raw,
                          codec::ZstdDecompressor& zstd) {
  if (xxh3_64(packed) != entry.packed_digest)
    return fail(bad_input("", "a frame is not what was written: its digest differs"));
  if (entry.zero()) {
    if (codec::is_zero_frame(packed, entry.raw)) return {};
    return fail(bad_input("", "a frame of zeros holds something else"));
  }
  TRY(zstd.decompress(packed, raw));
  if (xxh3_128(raw) != entry.raw_digest)
    return fail(bad_input("", "the digest of a chunk differs from the one at its save"));
  return {};
}

}  // namespace drydock::image
