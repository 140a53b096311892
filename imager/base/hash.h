#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace drydock {

// XXH3-128 in canonical (big-endian) byte order, as `xxhsum -H2` prints it.
struct Digest {
  std::array<std::byte, 16> bytes{};

  bool operator==(const Digest&) const = default;
  std::string hex() const;
};

Digest xxh3_128(Bytes bytes);
std::uint64_t xxh3_64(Bytes bytes);

// XXH64 with seed 0, older than XXH3 and unlike it.
std::uint64_t xxh64(Bytes bytes);

// XXH3-128 over bytes that come in pieces. Not for use by two threads at once.
class Xxh3Stream {
 public:
  Xxh3Stream();
  ~Xxh3Stream();
  Xxh3Stream(Xxh3Stream&&) noexcept;
  Xxh3Stream& operator=(Xxh3Stream&&) noexcept;

  void add(Bytes bytes);
  Digest digest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// CRC-32 as GPT and zlib use it (reflected 0x04C11DB7, UEFI 2.10 §5.3.2).
std::uint32_t crc32(Bytes bytes);

// The same without inversions before and after: F2FS, LVM2 and NILFS2 have initial values of their
// own.
std::uint32_t crc32_raw(std::uint32_t seed, Bytes bytes);

// CRC-32C (reflected 0x1EDC6F41) without the final inversion, so that filesystems can chain it:
// ext4, Btrfs and XFS differ in seed and inversion.
std::uint32_t crc32c_raw(std::uint32_t seed, Bytes bytes);

// The same with `length` bytes from `at` on taken as zeros: the field that holds the checksum,
// which cannot cover itself. The field lies inside `bytes`.
std::uint32_t crc32c_without(std::uint32_t seed, Bytes bytes, std::size_t at, std::size_t length);

}  // namespace drydock
