#include "tui/terminal/key_decoder.h"

#include <boost/test/unit_test.hpp>

namespace drydock::tui {
namespace {

std::vector<Key> keys_of(std::string_view bytes) {
  KeyDecoder decoder;
  return decoder.feed(bytes);
}

Key only_key(std::string_view bytes) {
  const auto keys = keys_of(bytes);
  BOOST_REQUIRE(keys.size() == 1);
  return keys[0];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tui_key_decoder)

BOOST_AUTO_TEST_CASE(letters_and_utf8) {
  BOOST_CHECK(keys_of("a\xc3\xa4\xe2\x82\xac") ==
              (std::vector{character("a"), character("\xc3\xa4"), character("\xe2\x82\xac")}));
}

BOOST_AUTO_TEST_CASE(broken_utf8_is_dropped) {
  BOOST_CHECK(keys_of("\xff\x80z") == std::vector{character("z")});
  BOOST_CHECK(keys_of("\xc3z") == std::vector{character("z")});
}

BOOST_AUTO_TEST_CASE(arrows_of_all_terminals) {
  for (const char* up : {"\x1b[A", "\x1bOA", "\x1b[1;2A"})
    BOOST_CHECK(only_key(up).code == KeyCode::up);
  BOOST_CHECK(only_key("\x1b[Z").code == KeyCode::back_tab);
  BOOST_CHECK(only_key("\x1b[5~").code == KeyCode::page_up);
  BOOST_CHECK(only_key("\x1b[1~").code == KeyCode::home);
  BOOST_CHECK(only_key("\x1bOF").code == KeyCode::end);
}

BOOST_AUTO_TEST_CASE(function_keys_of_all_terminals) {
  for (const char* f1 : {"\x1bOP", "\x1b[[A", "\x1b[11~"})
    BOOST_CHECK(only_key(f1) == function_key(1));
  for (const char* f3 : {"\x1bOR", "\x1b[[C", "\x1b[13~"})
    BOOST_CHECK(only_key(f3) == function_key(3));
  for (const char* f5 : {"\x1b[[E", "\x1b[15~"}) BOOST_CHECK(only_key(f5) == function_key(5));
  BOOST_CHECK(only_key("\x1b[21~") == function_key(10));
  BOOST_CHECK(only_key("\x1b[24~") == function_key(12));
}

BOOST_AUTO_TEST_CASE(enter_backspace_and_control) {
  BOOST_CHECK(only_key("\r").code == KeyCode::enter);
  BOOST_CHECK(only_key("\n").code == KeyCode::enter);
  BOOST_CHECK(only_key("\x7f").code == KeyCode::backspace);
  BOOST_CHECK(only_key("\b").code == KeyCode::backspace);
  BOOST_CHECK(only_key("\x0c").control('l'));
}

BOOST_AUTO_TEST_CASE(a_sequence_may_come_in_pieces) {
  KeyDecoder decoder;
  BOOST_CHECK(decoder.feed("\x1b").empty());
  BOOST_CHECK(decoder.pending());
  BOOST_CHECK(decoder.feed("[1").empty());
  const auto keys = decoder.feed("1~");
  BOOST_REQUIRE(keys.size() == 1);
  BOOST_CHECK(keys[0] == function_key(1));
  BOOST_CHECK(!decoder.pending());
}

BOOST_AUTO_TEST_CASE(escape_is_escape_when_nothing_follows) {
  KeyDecoder decoder;
  BOOST_CHECK(decoder.feed("\x1b").empty());
  const auto keys = decoder.timeout();
  BOOST_REQUIRE(keys.size() == 1);
  BOOST_CHECK(keys[0].code == KeyCode::escape);
  BOOST_CHECK(!decoder.pending());
}

BOOST_AUTO_TEST_CASE(escape_twice_is_escape_twice) {
  KeyDecoder decoder;
  decoder.feed("\x1b\x1b");
  BOOST_CHECK(decoder.timeout().size() == 2);
  BOOST_CHECK(decoder.feed("\x1b\x1b[A").size() == 2);
}

BOOST_AUTO_TEST_CASE(what_is_unknown_is_not_typed) {
  BOOST_CHECK(keys_of("\x1b[99~").empty());
  BOOST_CHECK(keys_of("\x1b[200~x") == std::vector{character("x")});
  BOOST_CHECK(keys_of("\x1bOx").empty());
}

BOOST_AUTO_TEST_CASE(noise_does_not_pile_up) {
  KeyDecoder decoder;
  decoder.feed("\x1b[" + std::string(1000, '1'));
  decoder.timeout();
  BOOST_CHECK(decoder.feed("a") == std::vector{character("a")});
}

BOOST_AUTO_TEST_CASE(a_reported_position_is_no_key) {
  KeyDecoder decoder;
  BOOST_CHECK(decoder.feed("\x1b[25;80R").empty());
  BOOST_TEST(decoder.reported().row == 25);
  BOOST_TEST(decoder.reported().column == 80);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::tui
