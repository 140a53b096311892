#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace drydock {

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;

// Integers of fixed byte order at any alignment. `p` points at sizeof(T) readable bytes.
template <std::unsigned_integral T>
[[nodiscard]] T load_le(const std::byte* p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  if constexpr (std::endian::native == std::endian::big) value = std::byteswap(value);
  return value;
}

template <std::unsigned_integral T>
[[nodiscard]] T load_be(const std::byte* p) {
  T value;
  std::memcpy(&value, p, sizeof value);
  if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
  return value;
}

template <std::unsigned_integral T>
void store_le(std::byte* p, T value) {
  if constexpr (std::endian::native == std::endian::big) value = std::byteswap(value);
  std::memcpy(p, &value, sizeof value);
}

template <std::unsigned_integral T>
void store_be(std::byte* p, T value) {
  if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
  std::memcpy(p, &value, sizeof value);
}

// Fields of an on-disk structure by offset, bounded. A read beyond the end gives zero and clears
// ok(), so that a parser reads a whole structure and checks once.
class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size(); }
  bool ok() const { return ok_; }

  std::uint8_t u8(std::size_t offset) const { return integer<std::uint8_t, false>(offset); }
  std::uint16_t le16(std::size_t offset) const { return integer<std::uint16_t, false>(offset); }
  std::uint32_t le32(std::size_t offset) const { return integer<std::uint32_t, false>(offset); }
  std::uint64_t le64(std::size_t offset) const { return integer<std::uint64_t, false>(offset); }
  std::uint16_t be16(std::size_t offset) const { return integer<std::uint16_t, true>(offset); }
  std::uint32_t be32(std::size_t offset) const { return integer<std::uint32_t, true>(offset); }
  std::uint64_t be64(std::size_t offset) const { return integer<std::uint64_t, true>(offset); }

  // Empty when the range is not inside.
  Bytes bytes(std::size_t offset, std::size_t length) const {
    if (!inside(offset, length)) return {};
    return bytes_.subspan(offset, length);
  }

  // The bytes as characters, cut at the first NUL. Not checked for UTF-8.
  std::string text(std::size_t offset, std::size_t length) const;

  bool equals(std::size_t offset, std::string_view magic) const {
    const Bytes found = bytes(offset, magic.size());
    return found.size() == magic.size() && !found.empty() &&
           std::memcmp(found.data(), magic.data(), magic.size()) == 0;
  }

 private:
  bool inside(std::size_t offset, std::size_t length) const {
    const bool inside = offset <= bytes_.size() && length <= bytes_.size() - offset;
    ok_ = ok_ && inside;
    return inside;
  }

  template <class T, bool kBig>
  T integer(std::size_t offset) const {
    if (!inside(offset, sizeof(T))) return 0;
    return kBig ? load_be<T>(bytes_.data() + offset) : load_le<T>(bytes_.data() + offset);
  }

  Bytes bytes_;
  mutable bool ok_ = true;
};

bool all_zero(Bytes bytes);

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

}  // namespace drydock
