// What terminals can show, and that they show what was drawn.
#include <boost/test/unit_test.hpp>

#include <ftxui/dom/elements.hpp>
#include "support/screen.h"
#include "tui/terminal/painter.h"
#include "tui/terminal/profile.h"

namespace drydock::tui {
namespace {

constexpr Profile kColour{true, true, true, false};
constexpr Profile kMono{false, false, false, false};

ftxui::Screen drawn(const ftxui::Element& element, int columns = 20, int rows = 4) {
  ftxui::Screen screen(columns, rows);
  ftxui::Render(screen, element);
  return screen;
}

ftxui::Screen drawn(const std::string& text) {
  return drawn(ftxui::text(text));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tui_terminal)

BOOST_AUTO_TEST_CASE(profiles) {
  BOOST_CHECK((profile_of("linux", "C.UTF-8", false) == Profile{true, true, true, false}));
  BOOST_CHECK((profile_of("linux", "C", false) == Profile{false, false, true, false}));
  BOOST_CHECK(
      (profile_of("xterm-256color", "de_DE.utf8", false) == Profile{true, true, true, true}));
  BOOST_CHECK((profile_of("xterm", "en_US.UTF-8", true) == Profile{true, true, false, true}));
  BOOST_CHECK((profile_of("vt100", "C.UTF-8", false) == Profile{true, false, false, false}));
  BOOST_CHECK((profile_of("vt220", "", false) == Profile{false, false, false, false}));
  BOOST_CHECK((profile_of("dumb", "C.UTF-8", false) == Profile{true, false, false, false}));
  BOOST_CHECK((profile_of("", "", false) == Profile{}));
}

BOOST_AUTO_TEST_CASE(the_terminal_shows_what_was_drawn) {
  Painter painter(kColour);
  test::Screen terminal(20, 4);
  terminal.feed("left over from before");
  terminal.feed(painter.paint(drawn(ftxui::border(ftxui::text("Drives")))));
  BOOST_TEST(terminal.row(1).starts_with("│Drives"));
  BOOST_TEST(terminal.text().find("left over") == std::string::npos);
  terminal.feed(painter.paint(drawn("another page")));
  BOOST_TEST(terminal.text() == "another page\n\n\n\n");
}

BOOST_AUTO_TEST_CASE(only_changes_are_sent) {
  Painter painter(kColour);
  painter.paint(drawn("42 % done, so far"));
  BOOST_TEST(painter.paint(drawn("42 % done, so far")).empty());
  BOOST_TEST(painter.paint(drawn("43 % done, so far")) == "\x1b[1;2H3");
}

BOOST_AUTO_TEST_CASE(a_short_gap_is_sent_again_rather_than_jumped) {
  Painter painter(kColour);
  painter.paint(drawn("a b c"));
  BOOST_TEST(painter.paint(drawn("x b z")) == "\x1b[1;1Hx b z");
}

BOOST_AUTO_TEST_CASE(everything_is_sent_after_forgetting) {
  Painter painter(kColour);
  painter.paint(drawn("page"));
  painter.forget();
  test::Screen terminal(20, 4);
  terminal.feed("rubbish");
  terminal.feed(painter.paint(drawn("page")));
  BOOST_TEST(terminal.text() == "page\n\n\n\n");
}

BOOST_AUTO_TEST_CASE(a_change_of_size_begins_anew) {
  Painter painter(kColour);
  painter.paint(drawn("page"));
  const std::string bytes = painter.paint(drawn(ftxui::text("page"), 30, 5));
  BOOST_TEST(bytes.contains("\x1b[2J"));
}

BOOST_AUTO_TEST_CASE(no_colours_where_there_are_none) {
  using namespace ftxui;
  const auto screen = drawn(text("x") | color(Color::RedLight) | bold);
  BOOST_TEST(Painter(kMono).paint(screen).contains("\x1b[0;1m"));
  BOOST_TEST(!Painter(kMono).paint(screen).contains(";91"));
  BOOST_TEST(Painter(kColour).paint(screen).contains("\x1b[0;1;91m"));
}

BOOST_AUTO_TEST_CASE(wide_characters_keep_their_place) {
  Painter painter(kColour);
  const std::string bytes = painter.paint(drawn("日本x"));
  BOOST_TEST(bytes.contains("日本x"));
}

BOOST_AUTO_TEST_CASE(glyphs_fall_back_to_letters) {
  auto screen = drawn(ftxui::borderRounded(ftxui::text("█░ä")), 5, 3);
  auto console = screen;
  reduce_glyphs(console, kColour);
  BOOST_TEST(console.at(0, 0) == "┌");
  BOOST_TEST(console.at(3, 1) == "ä");
  reduce_glyphs(screen, kMono);
  BOOST_TEST(screen.at(0, 0) == "+");
  BOOST_TEST(screen.at(1, 0) == "-");
  BOOST_TEST(screen.at(1, 1) == "#");
  BOOST_TEST(screen.at(2, 1) == ".");
  BOOST_TEST(screen.at(3, 1) == "?");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::tui
