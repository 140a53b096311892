// Keys and VGA text memory: the two ends of a PC's console.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <stdexcept>

#include "support/keyboard.h"
#include "support/screen.h"
#include "support/vga_text.h"

namespace drydock::test {

BOOST_AUTO_TEST_SUITE(support_console)

BOOST_AUTO_TEST_CASE(every_printable_character_has_a_key) {
  for (char c = ' '; c < '\x7f'; ++c) BOOST_TEST(!chord_for(c).empty());
  BOOST_TEST(chord_for('A') == (Chord{"shift", "a"}), boost::test_tools::per_element());
  BOOST_TEST(chord_for('_') == (Chord{"shift", "minus"}), boost::test_tools::per_element());
  BOOST_TEST(chord_for('\n') == (Chord{"ret"}), boost::test_tools::per_element());
  BOOST_CHECK_THROW(chord_for('\x80'), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(named_keys) {
  BOOST_TEST(chord_named("alt+f2") == (Chord{"alt", "f2"}), boost::test_tools::per_element());
  BOOST_TEST(serial_bytes("down") == "\x1b[B");
  BOOST_CHECK_THROW(serial_bytes("alt+f2"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(text_memory_becomes_text) {
  std::string memory(kVgaTextSize, '\0');
  const auto put = [&](std::size_t cell, char c) { memory[cell * 2] = c; };
  put(0, 'A');
  put(81, '\xC4');
  put(82, '\x10');
  std::string shown = vga_text(memory, 0);
  BOOST_TEST(shown.starts_with("A\n ─►\n\n"));
  BOOST_TEST(std::ranges::count(shown, '\n') == 25);
  BOOST_TEST(vga_text(memory, 80).starts_with(" ─►\n"));
  memory[81 * 2 + 1] = 0x07;  // grey on black
  memory[82 * 2 + 1] = 0x70;  // black on grey
  BOOST_TEST(vga_selected(memory, 0) == "►\n");
  // A screen that starts near the end goes on at the beginning of the memory.
  BOOST_TEST(vga_text(memory, kVgaTextSize / 2 - 80).starts_with("\nA\n"));
}

BOOST_AUTO_TEST_CASE(code_page_437) {
  BOOST_TEST(utf8(cp437('~')) == "~");
  BOOST_TEST(utf8(cp437(0x81)) == "ü");
  BOOST_TEST(utf8(cp437(0xDB)) == "█");
  BOOST_TEST(utf8(cp437(0xB3)) == "│");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
