#include "support/screen.h"

#include <boost/test/unit_test.hpp>

namespace drydock::test {
namespace {

// The first rows that have anything on them, joined by '|'.
std::string shown(Screen& screen, std::string_view bytes) {
  screen.feed(bytes);
  std::string all;
  for (std::size_t r = 0; r < screen.rows(); ++r) all += screen.row(r) + "|";
  return all;
}

std::string shown(std::string_view bytes) {
  Screen screen(10, 4);
  return shown(screen, bytes);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(support_screen)

BOOST_AUTO_TEST_CASE(plain_lines) {
  BOOST_TEST(shown("one\r\ntwo") == "one|two|||");
  BOOST_TEST(shown("one\ntwo") == "one|   two|||");
  BOOST_TEST(shown("a\tb") == "a       b||||");
  BOOST_TEST(shown("abc\b\bX") == "aXc||||");
}

BOOST_AUTO_TEST_CASE(wraps_only_when_another_character_comes) {
  BOOST_TEST(shown("0123456789") == "0123456789||||");
  BOOST_TEST(shown("0123456789\r\nx") == "0123456789|x|||");
  BOOST_TEST(shown("0123456789x") == "0123456789|x|||");
  BOOST_TEST(shown("\x1b[?7l0123456789x") == "012345678x||||");
}

BOOST_AUTO_TEST_CASE(scrolls_at_the_bottom) {
  BOOST_TEST(shown("1\r\n2\r\n3\r\n4\r\n5") == "2|3|4|5|");
  BOOST_TEST(shown("1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[3;1H\nx") == "1|3|x|4|");
  BOOST_TEST(shown("1\r\n2\r\n3\r\n4\x1b[H\x1bM0") == "0|1|2|3|");
}

BOOST_AUTO_TEST_CASE(moves_the_cursor) {
  BOOST_TEST(shown("\x1b[2;3Hx") == "|  x|||");
  BOOST_TEST(shown("\x1b[99;99Hx") == "|||         x|");
  BOOST_TEST(shown("\x1b[3;3Ha\x1b[2A\x1b[2Cb\x1b[Bc\x1b[5Dd") == "     b|  d   c|  a||");
  BOOST_TEST(shown("\x1b[4;4H\x1b[Fx\x1b[Ey\x1b[5Gz\x1b[1dq") == "     q||x|y   z|");
  BOOST_TEST(shown("ab\x1b"
                   "7\x1b[4;1Hc\x1b"
                   "8d") == "abd|||c|");
}

BOOST_AUTO_TEST_CASE(erases) {
  BOOST_TEST(shown("abcd\x1b[3G\x1b[K") == "ab||||");
  BOOST_TEST(shown("abcd\x1b[3G\x1b[1K") == "   d||||");
  BOOST_TEST(shown("a\r\nbcd\r\ne\x1b[2;2H\x1b[J") == "a|b|||");
  BOOST_TEST(shown("a\r\nbcd\r\ne\x1b[2;2H\x1b[1J") == "|  d|e||");
  BOOST_TEST(shown("a\r\nb\x1b[2J") == "||||");
  BOOST_TEST(shown("abcd\x1b[2G\x1b[2X") == "a  d||||");
}

BOOST_AUTO_TEST_CASE(inserts_and_deletes) {
  BOOST_TEST(shown("abcd\x1b[2G\x1b[2@x") == "ax bcd||||");
  BOOST_TEST(shown("abcd\x1b[2G\x1b[2P") == "ad||||");
  BOOST_TEST(shown("1\r\n2\r\n3\x1b[1;1H\x1b[L0") == "0|1|2|3|");
  BOOST_TEST(shown("1\r\n2\r\n3\x1b[1;1H\x1b[M") == "2|3|||");
}

BOOST_AUTO_TEST_CASE(colours_are_dropped_and_reverse_video_kept) {
  Screen screen(20, 2);
  BOOST_TEST(
      shown(screen, "\x1b[1;31mred\x1b[0m \x1b[7msel\x1b[27m \x1b[38;5;7mx\x1b[48;2;7;7;7my") ==
      "red sel xy||");
  BOOST_TEST(screen.reversed() == "sel\n");
}

BOOST_AUTO_TEST_CASE(utf8_even_in_pieces) {
  Screen screen(10, 1);
  for (const char c : std::string("│ü€😀.")) screen.feed(std::string_view(&c, 1));
  BOOST_TEST(screen.row(0) == "│ü€😀.");
  BOOST_TEST(shown("\xC3(\x80.") == "�(�.||||");
}

BOOST_AUTO_TEST_CASE(line_drawing) {
  BOOST_TEST(shown("\x1b(0lqk\x1b(Blqk") == "┌─┐lqk||||");
}

BOOST_AUTO_TEST_CASE(the_alternate_screen_gives_the_main_one_back) {
  Screen screen(10, 2);
  BOOST_TEST(shown(screen, "shell\x1b[?1049h\x1b[Hmenu") == "menu||");
  BOOST_TEST(shown(screen, "\x1b[?1049l$") == "shell$||");
}

BOOST_AUTO_TEST_CASE(answers_what_a_terminal_is_asked) {
  Screen screen(80, 24);
  screen.feed("\x1b[32766;32766H\x1b[6n\x1b[c");
  BOOST_TEST(screen.take_replies() == "\x1b[24;80R\x1b[?6c");
  BOOST_TEST(screen.take_replies() == "");
}

BOOST_AUTO_TEST_CASE(skips_what_has_no_place_on_the_grid) {
  BOOST_TEST(shown("a\x1b]0;title\x07"
                   "b\x1b]104\x1b\\c\x1b[!p\x1b[?25l\x1b=d") == "abcd||||");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
