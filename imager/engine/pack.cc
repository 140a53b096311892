#include "engine/pack.h"

#include "codec/zero_frame.h"

namespace drydock::engine {

image::FrameEntry pack_zeros(std::uint64_t length, MutableBytes packed) {
  const std::size_t size = codec::zero_frame_size(length);
  codec::write_zero_frame(length, packed.first(size));
  return {.packed = static_cast<std::uint32_t>(size),
          .raw = static_cast<std::uint32_t>(length),
          .packed_digest = xxh3_64(packed.first(size)),
          .raw_digest = {}};
}

Result<image::FrameEntry> pack(Bytes raw, MutableBytes packed, codec::ZstdCompressor& zstd) {
  if (all_zero(raw)) return pack_zeros(raw.size(), packed);
  const std::size_t size = TRY(zstd.compress(raw, packed));
  return image::FrameEntry{.packed = static_cast<std::uint32_t>(size),
                           .raw = static_cast<std::uint32_t>(raw.size()),
                           .packed_digest = xxh3_64(packed.first(size)),
                           .raw_digest = xxh3_128(raw)};
}

}  // namespace drydock::engine
