#include "base/bytes.h"

namespace drydock {

std::string ByteReader::text(std::size_t offset, std::size_t length) const {
  const Bytes found = bytes(offset, length);
  const char* start = reinterpret_cast<const char*>(found.data());
  return std::string(start, found.empty() ? 0 : strnlen(start, found.size()));
}

bool all_zero(Bytes bytes) {
  // A block equal to itself moved by one byte, starting with zero, is zero all through; memcmp is
  // the fastest loop a libc has.
  if (bytes.empty()) return true;
  if (bytes[0] != std::byte{0}) return false;
  return std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

}  // namespace drydock
