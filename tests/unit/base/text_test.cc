#include "base/text.h"

#include <array>
#include <boost/test/unit_test.hpp>
#include <vector>

namespace drydock {
namespace {

std::string from_utf16(std::initializer_list<std::uint16_t> units) {
  std::vector<std::byte> bytes(units.size() * 2);
  std::size_t at = 0;
  for (const std::uint16_t unit : units) {
    store_le(&bytes[at], unit);
    at += 2;
  }
  return utf16le_to_utf8(bytes);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(base_text)

BOOST_AUTO_TEST_CASE(utf16_of_every_length_of_utf8) {
  BOOST_TEST(from_utf16({}) == "");
  BOOST_TEST(from_utf16({'a', 0xE4, 0x20AC, 0xD83D, 0xDE00}) == "aä€😀");
  BOOST_TEST(from_utf16({0xDBFF, 0xDFFF}) == "\xF4\x8F\xBF\xBF");
  BOOST_TEST(from_utf16({'a', 0, 'b'}) == "a");
}

BOOST_AUTO_TEST_CASE(broken_utf16_becomes_the_replacement_character) {
  BOOST_TEST(from_utf16({0xD83D, 'a'}) == "�a");  // high alone
  BOOST_TEST(from_utf16({0xDE00, 'a'}) == "�a");  // low alone
  BOOST_TEST(from_utf16({0xD83D, 0xD83D, 0xDE00}) == "�😀");
  BOOST_TEST(from_utf16({'a', 0xD83D}) == "a�");  // cut at the end
  const std::array odd{std::byte{'a'}, std::byte{0}, std::byte{'b'}};
  BOOST_TEST(utf16le_to_utf8(odd) == "a");  // half a unit is dropped
}

BOOST_AUTO_TEST_CASE(good_text_stays_as_it_is) {
  BOOST_TEST(printable("Daten ä€😀") == "Daten ä€😀");
  BOOST_TEST(printable("  both ends\t ") == "both ends");
  BOOST_TEST(printable("\xEE\x80\x80") == "\xEE\x80\x80");  // U+E000, right behind the surrogates
  BOOST_TEST(printable("") == "");
}

BOOST_AUTO_TEST_CASE(nothing_unprintable_gets_through) {
  BOOST_TEST(printable("a\x1B[31mb") == "a?[31mb");
  BOOST_TEST(printable(std::string_view("a\0b", 3)) == "a?b");
  BOOST_TEST(printable("a\x7F") == "a?");
  BOOST_TEST(printable("a\xC2\x9B"
                       "31m") == "a?31m");  // CSI as a C1 control
  BOOST_TEST(printable("a\xC2\xA0") == "a\xC2\xA0");
  BOOST_TEST(printable("\xFF"
                       "a") == "?a");
  BOOST_TEST(printable("\xC0\xAF") == "??");  // overlong
  BOOST_TEST(printable("\xE0\x80\x80") == "???");
  BOOST_TEST(printable("\xED\xA0\x80") == "???");       // a surrogate
  BOOST_TEST(printable("\xF4\x90\x80\x80") == "????");  // beyond U+10FFFF
  BOOST_TEST(printable("\xE2\x82") == "??");            // cut
  BOOST_TEST(printable("\xC3"
                       "a") == "?a");
}

BOOST_AUTO_TEST_CASE(trimming_and_splitting) {
  BOOST_TEST(trimmed(" a b ") == "a b");
  BOOST_TEST(trimmed(" \t\n") == "");
  const auto parts = split("a,,b,", ',');
  const std::vector<std::string_view> expected{"a", "", "b", ""};
  BOOST_TEST((parts == expected));
  BOOST_TEST(split("", ',').size() == 1u);
}

BOOST_AUTO_TEST_CASE(text_is_cut_between_characters) {
  BOOST_TEST(shortened("abc", 3) == "abc");
  BOOST_TEST(shortened("abcd", 3) == "abc");
  BOOST_TEST(shortened("ab\u00e4", 3) == "ab");
  BOOST_TEST(shortened("\u00e4", 1) == "");
}

BOOST_AUTO_TEST_CASE(identifiers) {
  std::vector<std::byte> bytes;
  for (unsigned i = 0; i < 16; ++i) bytes.push_back(static_cast<std::byte>(i * 17));
  BOOST_TEST(hex(bytes) == "00112233445566778899aabbccddeeff");
  BOOST_TEST(uuid_text(bytes) == "00112233-4455-6677-8899-aabbccddeeff");
  BOOST_TEST(guid_text(bytes) == "33221100-5544-7766-8899-aabbccddeeff");
  BOOST_TEST(uuid_text(Bytes(bytes).first(15)) == "");
  BOOST_TEST(guid_text({}) == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock
