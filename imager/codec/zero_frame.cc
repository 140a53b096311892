#include "codec/zero_frame.h"

#include <algorithm>
#include <array>

#include "base/checked.h"
#include "base/units.h"

namespace drydock::codec {
namespace {

constexpr std::uint64_t kBlock = 128 * kKiB;  // Block_Maximum_Size, RFC 8878 §3.1.1.2.4
constexpr std::size_t kHeader = 10;
constexpr std::size_t kBlockBytes = 4;

// Magic, descriptor (4-byte content size, no checksum), window of 128 KiB, content size.
std::array<std::byte, kHeader> header(std::uint64_t raw) {
  std::array<std::byte, kHeader> bytes;
  store_le<std::uint32_t>(bytes.data(), 0xFD2FB528);
  bytes[4] = std::byte{0x80};
  bytes[5] = std::byte{7 << 3};  // 2^(10 + 7)
  store_le<std::uint32_t>(bytes.data() + 6, static_cast<std::uint32_t>(raw));
  return bytes;
}

std::array<std::byte, kBlockBytes> block(std::uint64_t size, bool last) {
  constexpr std::uint32_t kRle = 1;
  const std::uint32_t head = (last ? 1U : 0U) | kRle << 1 | static_cast<std::uint32_t>(size) << 3;
  std::array<std::byte, kBlockBytes> bytes;
  store_le<std::uint32_t>(bytes.data(), head);  // three bytes of header, then the byte repeated: 0
  return bytes;
}

}  // namespace

std::size_t zero_frame_size(std::uint64_t raw) {
  return kHeader + kBlockBytes * static_cast<std::size_t>(div_ceil(raw, kBlock));
}

void write_zero_frame(std::uint64_t raw, MutableBytes out) {
  auto at = std::ranges::copy(header(raw), out.begin()).out;
  for (std::uint64_t left = raw; left > 0;) {
    const std::uint64_t size = std::min(left, kBlock);
    left -= size;
    at = std::ranges::copy(block(size, left == 0), at).out;
  }
}

bool is_zero_frame(Bytes frame, std::uint64_t raw) {
  if (raw == 0 || raw > 0xFFFFFFFF || frame.size() != zero_frame_size(raw)) return false;
  if (!std::ranges::equal(frame.first(kHeader), header(raw))) return false;
  for (std::size_t at = kHeader; at < frame.size(); at += kBlockBytes) {
    const std::uint64_t size = std::min(raw, kBlock);
    raw -= size;
    if (!std::ranges::equal(frame.subspan(at, kBlockBytes), block(size, raw == 0))) return false;
  }
  return true;
}

}  // namespace drydock::codec
