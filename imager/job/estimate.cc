#include "job/estimate.h"

#include <algorithm>
#include <vector>

#include "base/units.h"
#include "codec/zero_frame.h"
#include "codec/zstd.h"

namespace drydock::job {
namespace {

constexpr std::uint64_t kSamples = 64;
constexpr std::uint64_t kSampleBytes = 512 * kKiB;

// The n-th of kSamples places, evenly spread over the bytes of the map.
class Places {
 public:
  explicit Places(const ExtentMap& map) : map_(map), bytes_(map.bytes()) {}

  Extent at(std::uint64_t n) {
    const std::uint64_t wanted = bytes_ / kSamples * n;
    const auto extents = map_.extents();
    while (passed_ + extents[extent_].length <= wanted && extent_ + 1 < extents.size())
      passed_ += extents[extent_++].length;
    const std::uint64_t inside = std::min(wanted - passed_, extents[extent_].length);
    return {extents[extent_].offset + inside,
            std::min(kSampleBytes, extents[extent_].length - inside)};
  }

 private:
  const ExtentMap& map_;
  std::uint64_t bytes_;
  std::uint64_t passed_ = 0;
  std::size_t extent_ = 0;
};

}  // namespace

std::uint64_t estimate_image(const io::BlockSource& source, const ExtentMap& kept, int level) {
  // Zero frames of everything, and half a percent for headers, index and maps.
  const std::uint64_t overhead = codec::zero_frame_size(source.geometry().bytes) +
                                 kept.bytes() / 200 + kept.extents().size() * 8 + 64 * kKiB;
  if (kept.empty()) return overhead;
  codec::ZstdCompressor zstd(level);
  std::vector<std::byte> raw(kSampleBytes);
  std::vector<std::byte> packed(codec::zstd_bound(kSampleBytes));
  Places places(kept);
  std::uint64_t sampled = 0;
  std::uint64_t result = 0;
  for (std::uint64_t n = 0; n < kSamples; ++n) {
    const Extent place = places.at(n);
    const MutableBytes bytes = MutableBytes(raw).first(place.length);
    sampled += place.length;
    const bool read = static_cast<bool>(source.read_at(place.offset, bytes));
    const auto size = read ? zstd.compress(bytes, packed) : Result<std::size_t>(place.length);
    result += size ? std::min<std::uint64_t>(*size, place.length) : place.length;
  }
  if (sampled == 0) return overhead + kept.bytes();
  const double ratio = static_cast<double>(result) / static_cast<double>(sampled);
  return overhead + static_cast<std::uint64_t>(static_cast<double>(kept.bytes()) * ratio);
}

}  // namespace drydock::job
