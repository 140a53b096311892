#include "fs/apfs_object.h"

namespace drydock::fs {

ApfsObject ApfsObject::decode(Bytes object) {
  const ByteReader f(object);
  return {f.le64(8), f.le64(16), f.le16(24), f.le16(26), f.le32(28)};
}

std::uint64_t apfs_checksum(Bytes object) {
  constexpr std::uint64_t kModulus = 0xFFFFFFFF;
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  // Objects have at most a few MiB: neither sum overflows before the remainder is taken.
  std::size_t taken = 0;
  for (std::size_t at = 8; at + 4 <= object.size(); at += 4) {
    low += load_le<std::uint32_t>(&object[at]);
    high += low;
    if (++taken % 1024 == 0) {
      low %= kModulus;
      high %= kModulus;
    }
  }
  low %= kModulus;
  high %= kModulus;
  const std::uint64_t first = kModulus - (low + high) % kModulus;
  const std::uint64_t second = kModulus - (low + first) % kModulus;
  return second << 32 | first;
}

bool apfs_checksum_matches(Bytes object) {
  return object.size() >= ApfsObject::kBytes &&
         load_le<std::uint64_t>(object.data()) == apfs_checksum(object);
}

}  // namespace drydock::fs
