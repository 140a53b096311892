#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstring>

#include "base/text.h"

namespace drydock {
namespace {

using Table = std::array<std::array<std::uint32_t, 256>, 8>;

// Tables for the slicing-by-8 method: table k advances a byte by k further zero bytes.
constexpr Table make_tables(std::uint32_t reflected_polynomial) {
  Table table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = (value >> 1) ^ ((value & 1) != 0 ? reflected_polynomial : 0);
    table[0][i] = value;
  }
  for (std::size_t i = 0; i < 256; ++i)
    for (std::size_t k = 1; k < 8; ++k)
      table[k][i] = (table[k - 1][i] >> 8) ^ table[0][table[k - 1][i] & 0xFF];
  return table;
}

constexpr Table kCrc32 = make_tables(0xEDB88320);
constexpr Table kCrc32c = make_tables(0x82F63B78);

std::uint32_t crc_update(const Table& table, std::uint32_t crc, Bytes bytes) {
  const std::byte* p = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, p += 8) {
    const std::uint32_t low = crc ^ load_le<std::uint32_t>(p);
    const std::uint32_t high = load_le<std::uint32_t>(p + 4);
    crc = table[7][low & 0xFF] ^ table[6][(low >> 8) & 0xFF] ^ table[5][(low >> 16) & 0xFF] ^
          table[4][low >> 24] ^ table[3][high & 0xFF] ^ table[2][(high >> 8) & 0xFF] ^
          table[1][(high >> 16) & 0xFF] ^ table[0][high >> 24];
  }
  for (; left > 0; --left, ++p)
    crc = (crc >> 8) ^ table[0][(crc ^ std::to_integer<std::uint32_t>(*p)) & 0xFF];
  return crc;
}

Digest canonical(XXH128_hash_t hash) {
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, hash);
  Digest digest;
  std::memcpy(digest.bytes.data(), canonical.digest, digest.bytes.size());
  return digest;
}

}  // namespace

std::string Digest::hex() const {
  return drydock::hex(bytes);
}

Digest xxh3_128(Bytes bytes) {
  return canonical(XXH3_128bits(bytes.data(), bytes.size()));
}

std::uint64_t xxh3_64(Bytes bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::uint64_t xxh64(Bytes bytes) {
  return XXH64(bytes.data(), bytes.size(), 0);
}

struct Xxh3Stream::State {
  XXH3_state_t xxh;
};

Xxh3Stream::Xxh3Stream() : state_(std::make_unique<State>()) {
  XXH3_128bits_reset(&state_->xxh);
}
Xxh3Stream::~Xxh3Stream() = default;
Xxh3Stream::Xxh3Stream(Xxh3Stream&&) noexcept = default;
Xxh3Stream& Xxh3Stream::operator=(Xxh3Stream&&) noexcept = default;

void Xxh3Stream::add(Bytes bytes) {
  XXH3_128bits_update(&state_->xxh, bytes.data(), bytes.size());
}

Digest Xxh3Stream::digest() const {
  return canonical(XXH3_128bits_digest(&state_->xxh));
}

std::uint32_t crc32(Bytes bytes) {
  return ~crc_update(kCrc32, 0xFFFFFFFF, bytes);
}

std::uint32_t crc32_raw(std::uint32_t seed, Bytes bytes) {
  return crc_update(kCrc32, seed, bytes);
}

std::uint32_t crc32c_raw(std::uint32_t seed, Bytes bytes) {
  return crc_update(kCrc32c, seed, bytes);
}

std::uint32_t crc32c_without(std::uint32_t seed, Bytes bytes, std::size_t at, std::size_t length) {
  std::uint32_t crc = crc32c_raw(seed, bytes.first(at));
  for (std::size_t i = 0; i < length; ++i) crc = crc32c_raw(crc, std::array{std::byte{0}});
  return crc32c_raw(crc, bytes.subspan(at + length));
}

}  // namespace drydock
