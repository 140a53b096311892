#include "image/salvage.h"

#include <algorithm>

#include "codec/zero_frame.h"
#include "codec/zstd.h"
#include "image/format.h"
#include "image/frame_walk.h"

namespace drydock::image {
namespace {

constexpr std::uint64_t kMostMissing = std::uint64_t{1} << 50;

std::uint64_t without_match(Bytes frame) {
  return ~xxh3_64(frame);
}

class Walker {
 public:
  Walker(const Manifest& manifest, io::AlignedBuffer raw)
      : chunk_(manifest.chunk_bytes), left_(manifest.geometry.bytes), raw_(std::move(raw)) {}

  std::uint64_t left() const { return left_; }

  // False: not a frame of the disk, so nothing behind it has a known place.
  Result<bool> add(Bytes frame, Index& index) {
    const auto length = codec::zstd_content_bytes(frame);
    if (!length || *length == 0 || *length > left_ || *length > kLongestZeroRun) return false;
    // All but the last start where a chunk does.
    if (*length % chunk_ != 0 && *length != left_) return false;
    FrameEntry entry{.packed = static_cast<std::uint32_t>(frame.size()),
                     .raw = static_cast<std::uint32_t>(*length),
                     .packed_digest = xxh3_64(frame),
                     .raw_digest = {}};
    if (!codec::is_zero_frame(frame, *length)) {
      if (*length > chunk_) return false;
      const MutableBytes raw = raw_.bytes().first(*length);
      const auto done = zstd_.decompress(frame, raw);
      if (!done && done.error().code != Code::bad_input) return fail(done.error());
      if (!done) entry.packed_digest = without_match(frame);
      entry.raw_digest = xxh3_128(raw);
    }
    index.push_back(entry);
    left_ -= *length;
    return true;
  }

  Result<void> add_missing(Index& index) {
    // Only a forged manifest has more than a pebibyte to miss.
    if (left_ > kMostMissing)
      return fail(bad_input("", "the manifest of the image names a disk larger than there are"));
    while (left_ > 0) {
      const std::uint64_t length = std::min<std::uint64_t>(left_, kLongestZeroRun);
      index.push_back({.packed = 0,
                       .raw = static_cast<std::uint32_t>(length),
                       .packed_digest = without_match({}),
                       .raw_digest = {}});
      left_ -= length;
    }
    return {};
  }

 private:
  std::uint64_t chunk_;
  std::uint64_t left_;
  io::AlignedBuffer raw_;
  codec::ZstdDecompressor zstd_{codec::ZstdDecompressor::Checksum::compared};
};

}  // namespace

Result<Walked> walk_index(const io::BlockSource& file, const Manifest& manifest,
                          std::uint64_t from) {
  FrameWalk walk = TRY(FrameWalk::make(file, from, largest_frame(manifest.chunk_bytes)));
  Walker walker(manifest, TRY(io::AlignedBuffer::make(manifest.chunk_bytes)));
  Walked walked;
  while (walker.left() > 0) {
    const Bytes frame = TRY(walk.next());
    if (frame.empty() || !TRY(walker.add(frame, walked.index))) break;
  }
  walked.disk_bytes = manifest.geometry.bytes - walker.left();
  TRY(walker.add_missing(walked.index));
  return walked;
}

}  // namespace drydock::image
