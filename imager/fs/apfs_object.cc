#include "fs/apfs_object.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace drydock::fs {

ApfsObject ApfsObject::decode(Bytes object) {
  const ByteReader f(object);
  return {f.le64(8), f.le64(16), f.le16(24), f.le16(26), f.le32(28)};
}

std::uint64_t apfs_checksum(Bytes object) {
  constexpr std::uint64_t kModulus = 0xFFFFFFFF;
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  std::array<std::uint32_t, 1024> words;  // so many that neither sum overflows
  for (object = object.subspan(8); object.size() >= 4;) {
    const std::size_t count = std::min(words.size(), object.size() / 4);
    std::memcpy(words.data(), object.data(), count * 4);
    for (std::size_t i = 0; i < count; ++i) {
      if constexpr (std::endian::native == std::endian::big) words[i] = std::byteswap(words[i]);
      low += words[i];
      high += low;
    }
    low %= kModulus;
    high %= kModulus;
    object = object.subspan(count * 4);
  }
  const std::uint64_t first = kModulus - (low + high) % kModulus;
  const std::uint64_t second = kModulus - (low + first) % kModulus;
  return second << 32 | first;
}

bool apfs_checksum_matches(Bytes object) {
  return object.size() >= ApfsObject::kBytes &&
         load_le<std::uint64_t>(object.data()) == apfs_checksum(object);
}

}  // namespace drydock::fs
