#include "base/bytes.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <vector>

namespace drydock {
namespace {

std::vector<std::byte> counting(std::size_t size) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::byte>(i + 1));
  return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(base_bytes)

BOOST_AUTO_TEST_CASE(integers_of_both_orders_at_any_alignment) {
  const auto bytes = counting(9);
  BOOST_TEST(load_le<std::uint32_t>(&bytes[1]) == 0x05040302u);
  BOOST_TEST(load_be<std::uint32_t>(&bytes[1]) == 0x02030405u);
  BOOST_TEST(load_le<std::uint64_t>(&bytes[1]) == 0x0908070605040302u);
  std::array<std::byte, 9> stored{};
  store_be<std::uint64_t>(&stored[1], 0x0203040506070809u);
  BOOST_TEST(std::memcmp(&stored[1], &bytes[1], 8) == 0);
  store_le<std::uint16_t>(stored.data(), 0x0201);
  BOOST_TEST(std::memcmp(stored.data(), bytes.data(), 2) == 0);
}

BOOST_AUTO_TEST_CASE(a_reader_gives_fields_by_offset) {
  const auto bytes = counting(16);
  const ByteReader reader(bytes);
  BOOST_TEST(reader.u8(15) == 16);
  BOOST_TEST(reader.le16(0) == 0x0201);
  BOOST_TEST(reader.be16(0) == 0x0102);
  BOOST_TEST(reader.be32(12) == 0x0D0E0F10u);
  BOOST_TEST(reader.le64(8) == 0x100F0E0D0C0B0A09u);
  BOOST_TEST(reader.be64(8) == 0x090A0B0C0D0E0F10u);
  BOOST_TEST(reader.bytes(4, 12).size() == 12u);
  BOOST_TEST(reader.bytes(16, 0).empty());
  BOOST_TEST(reader.ok());
}

BOOST_AUTO_TEST_CASE(a_read_beyond_the_end_is_zero_and_remembered) {
  const auto bytes = counting(16);
  const auto check = [&](auto read) {
    const ByteReader reader(bytes);
    BOOST_TEST(read(reader) == 0u);
    BOOST_TEST(!reader.ok());
    BOOST_TEST(reader.u8(0) == 1);  // still readable inside, still not ok
    BOOST_TEST(!reader.ok());
  };
  check([](const ByteReader& r) { return r.u8(16); });
  check([](const ByteReader& r) { return r.le16(15); });
  check([](const ByteReader& r) { return r.be32(13); });
  check([](const ByteReader& r) { return r.le64(9); });
  check([](const ByteReader& r) { return r.le64(SIZE_MAX); });
  check([](const ByteReader& r) { return r.le32(SIZE_MAX - 1); });
  check([](const ByteReader& r) { return r.bytes(1, SIZE_MAX).size(); });
  check([](const ByteReader& r) { return r.text(10, 7).size(); });
  check([](const ByteReader& r) { return r.equals(15, "xy") ? 1u : 0u; });
}

BOOST_AUTO_TEST_CASE(text_ends_at_its_nul_or_its_field) {
  const ByteReader reader(as_bytes(std::string_view("magic\0rest", 10)));
  BOOST_TEST(reader.text(0, 10) == "magic");
  BOOST_TEST(reader.text(1, 3) == "agi");
  BOOST_TEST(reader.text(5, 5) == "");
  BOOST_TEST(reader.text(10, 0) == "");
  BOOST_TEST(reader.equals(0, "magic"));
  BOOST_TEST(!reader.equals(1, "magic"));
  BOOST_TEST(reader.ok());
}

BOOST_AUTO_TEST_CASE(zero_is_seen_at_every_length_and_place) {
  BOOST_TEST(all_zero({}));
  for (std::size_t size = 1; size <= 70; ++size) {
    std::vector<std::byte> bytes(size);
    BOOST_TEST(all_zero(bytes));
    for (std::size_t i = 0; i < size; ++i) {
      bytes[i] = std::byte{0x80};
      BOOST_TEST(!all_zero(bytes));
      bytes[i] = std::byte{0};
    }
  }
  const std::vector<std::byte> same(64, std::byte{7});
  BOOST_TEST(!all_zero(same));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock
