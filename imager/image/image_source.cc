#include "image/image_source.h"

#include <algorithm>

#include "image/unpack.h"

namespace drydock::image {
namespace {

constexpr std::size_t kNone = ~std::size_t{0};

}  // namespace

ImageSource::ImageSource(const ImageReader& reader) : reader_(reader), kept_(kNone) {}

std::string ImageSource::name() const {
  return "the image";
}

Result<Bytes> ImageSource::chunk(std::size_t frame) const {
  const FrameEntry& entry = reader_.index()[frame];
  if (frame == kept_) return Bytes(raw_).first(entry.raw);
  kept_ = kNone;
  packed_.resize(entry.packed);
  raw_.resize(reader_.manifest().chunk_bytes);
  TRY(reader_.read_frame(frame, packed_));
  const MutableBytes raw = MutableBytes(raw_).first(entry.raw);
  TRY(unpack_frame(entry, packed_, raw, zstd_));
  kept_ = frame;
  return Bytes(raw);
}

Result<void> ImageSource::read_at(std::uint64_t offset, MutableBytes into) const {
  TRY(check_range(*this, offset, into.size()));
  const std::scoped_lock lock(mutex_);
  while (!into.empty()) {
    const std::size_t frame = reader_.frame_at(offset);
    const FrameEntry& entry = reader_.index()[frame];
    const std::uint64_t inside = offset - reader_.location(frame).disk;
    const std::size_t length = std::min<std::uint64_t>(into.size(), entry.raw - inside);
    if (entry.zero())
      std::ranges::fill(into.first(length), std::byte{0});
    else
      std::ranges::copy(TRY(chunk(frame)).subspan(inside, length), into.begin());
    into = into.subspan(length);
    offset += length;
  }
  return {};
}

}  // namespace drydock::image
