#include "engine/prove.h"

#include <algorithm>

#include "codec/zero_frame.h"

namespace drydock::engine {
namespace {

image::FrameEntry entry_of(Bytes frame, std::uint64_t length, const Digest& raw_digest) {
  return {.packed = static_cast<std::uint32_t>(frame.size()),
          .raw = static_cast<std::uint32_t>(length),
          .packed_digest = xxh3_64(frame),
          .raw_digest = raw_digest};
}

}  // namespace

Result<Proof> prove(Bytes frame, std::uint64_t length, Bytes raw, MutableBytes scratch,
                    codec::ZstdDecompressor& zstd) {
  const bool zeros = all_zero(raw);
  if (zeros && codec::is_zero_frame(frame, length))
    return Proof{Stored::same, entry_of(frame, length, {})};
  if (codec::zstd_content_bytes(frame) != length) return Proof{Stored::another};
  // Only a frame of zeros is longer than a chunk, and there is one such frame.
  if (length > scratch.size()) return Proof{Stored::torn};
  const MutableBytes found = scratch.first(length);
  if (const auto done = zstd.decompress(frame, found); !done) {
    if (done.error().code == Code::bad_input) return Proof{Stored::torn};
    return fail(done.error());
  }
  if (zeros || !std::ranges::equal(found, raw)) return Proof{Stored::another};
  return Proof{Stored::same, entry_of(frame, length, xxh3_128(raw))};
}

}  // namespace drydock::engine
