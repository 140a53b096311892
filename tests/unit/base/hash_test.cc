#include "base/hash.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <vector>

#include "base/bytes.h"

namespace drydock {
namespace {

// Bit by bit, as the definition says.
std::uint32_t crc_by_definition(std::uint32_t polynomial, std::uint32_t crc, Bytes bytes) {
  for (const std::byte b : bytes) {
    crc ^= std::to_integer<std::uint32_t>(b);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : 0);
  }
  return crc;
}

std::vector<std::byte> noise(std::size_t size) {
  std::vector<std::byte> bytes(size);
  std::uint32_t state = 1;
  for (std::byte& b : bytes) {
    state = state * 1664525 + 1013904223;
    b = static_cast<std::byte>(state >> 24);
  }
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(base_hash)

BOOST_AUTO_TEST_CASE(check_values) {
  // The check values of both polynomials for "123456789", and RFC 3720 appendix B.4 for 32 zeros.
  BOOST_TEST(crc32(as_bytes("123456789")) == 0xCBF43926u);
  BOOST_TEST(~crc32c_raw(0xFFFFFFFF, as_bytes("123456789")) == 0xE3069283u);
  BOOST_TEST(~crc32c_raw(0xFFFFFFFF, std::vector<std::byte>(32)) == 0x8A9136AAu);
  BOOST_TEST(crc32({}) == 0u);
  BOOST_TEST(crc32c_raw(0x1234, {}) == 0x1234u);
}

BOOST_AUTO_TEST_CASE(every_length_and_alignment_as_by_definition) {
  const auto bytes = noise(80);
  for (std::size_t start = 0; start < 8; ++start)
    for (std::size_t length = 0; length <= 70; ++length) {
      const Bytes part = Bytes(bytes).subspan(start, length);
      BOOST_TEST(crc32(part) == ~crc_by_definition(0xEDB88320, 0xFFFFFFFF, part));
      BOOST_TEST(crc32c_raw(7, part) == crc_by_definition(0x82F63B78, 7, part));
    }
}

BOOST_AUTO_TEST_CASE(crc32c_takes_its_own_field_as_zeros) {
  const auto bytes = noise(100);
  for (const std::size_t at : {0u, 37u, 96u}) {
    for (const std::size_t length : {0u, 2u, 4u}) {
      auto blank = bytes;
      std::fill_n(blank.begin() + static_cast<std::ptrdiff_t>(at), length, std::byte{0});
      BOOST_TEST(crc32c_without(7, bytes, at, length) == crc32c_raw(7, blank));
    }
  }
}

BOOST_AUTO_TEST_CASE(crc32c_can_be_chained) {
  const auto bytes = noise(100);
  const std::uint32_t first = crc32c_raw(0xFFFFFFFF, Bytes(bytes).first(37));
  BOOST_TEST(crc32c_raw(first, Bytes(bytes).subspan(37)) == crc32c_raw(0xFFFFFFFF, bytes));
}

BOOST_AUTO_TEST_CASE(xxh3_in_the_order_in_which_xxhsum_prints_it) {
  BOOST_TEST(xxh3_128({}).hex() == "99aa06d3014798d86001c324468d497f");
  BOOST_TEST(xxh3_128(as_bytes("abc")).hex() == "06b05ab6733a618578af5f94892f3950");
}

BOOST_AUTO_TEST_CASE(xxh3_in_pieces_is_the_same) {
  const auto bytes = noise(100'000);
  for (const std::size_t piece : {1u, 7u, 256u, 1000u, 65536u, 100'000u}) {
    Xxh3Stream stream;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      stream.add(Bytes(bytes).subspan(at, std::min<std::size_t>(piece, bytes.size() - at)));
    BOOST_TEST((stream.digest() == xxh3_128(bytes)));
  }
  BOOST_TEST((Xxh3Stream().digest() == xxh3_128({})));
}

BOOST_AUTO_TEST_CASE(a_digest_may_be_asked_for_on_the_way) {
  Xxh3Stream stream;
  stream.add(as_bytes("ab"));
  BOOST_TEST((stream.digest() == xxh3_128(as_bytes("ab"))));
  stream.add(as_bytes("c"));
  BOOST_TEST((stream.digest() == xxh3_128(as_bytes("abc"))));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock
