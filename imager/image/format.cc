#include "image/format.h"

#include <algorithm>

#include "base/text.h"
#include "codec/zero_frame.h"
#include "codec/zstd.h"

namespace drydock::image {
namespace {

constexpr std::string_view kSignature = "DRYDOCK1";

void append(std::vector<std::byte>& out, Bytes bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace

std::size_t largest_frame(std::uint64_t chunk_bytes) {
  return std::max(codec::zstd_bound(chunk_bytes), codec::zero_frame_size(kLongestZeroRun));
}

std::vector<std::byte> own_frame(std::string_view kind, Bytes body) {
  std::vector<std::byte> frame(kSkippableHeader);
  frame.reserve(kEmptyOwnFrame + body.size());
  store_le<std::uint32_t>(frame.data(), kDrydockMagic);
  store_le<std::uint32_t>(frame.data() + 4, static_cast<std::uint32_t>(
                                                kEmptyOwnFrame - kSkippableHeader + body.size()));
  append(frame, as_bytes(kSignature));
  append(frame, as_bytes(kind));
  append(frame, body);
  append(frame, xxh3_128(frame).bytes);
  return frame;
}

Result<Bytes> open_own_frame(std::string_view kind, Bytes frame) {
  const std::string name = "the frame " + std::string(trimmed(kind));
  const ByteReader reader(frame);
  if (frame.size() < kEmptyOwnFrame || reader.le32(0) != kDrydockMagic ||
      !reader.equals(kSkippableHeader, kSignature))
    return fail(bad_input("", name + " is not there"));
  if (reader.le32(4) != frame.size() - kSkippableHeader ||
      !reader.equals(kSkippableHeader + kSignature.size(), kind))
    return fail(bad_input("", name + " is damaged"));
  const Bytes content = frame.first(frame.size() - 16);
  if (!std::ranges::equal(frame.last(16), Bytes(xxh3_128(content).bytes)))
    return fail(bad_input("", name + " is damaged: its digest differs"));
  return content.subspan(kEmptyOwnFrame - 16);
}

}  // namespace drydock::image
