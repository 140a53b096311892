#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ftxui/dom/elements.hpp>

namespace drydock::tui {

// The room a view has, and whether it may use colours. Colour never says anything alone.
struct Look {
  int columns = 80;
  int rows = 24;
  bool colour = true;
};

ftxui::Element line(std::string_view text);
// As many lines as it takes.
ftxui::Elements lines(std::string_view text, int width);
void append(ftxui::Elements& to, ftxui::Elements from);

ftxui::Element heading(std::string_view text);
ftxui::Elements danger(std::string_view text, const Look& look, int width);
ftxui::Elements warning(std::string_view text, const Look& look, int width);

// "Size      500 GB": label in a column of its own, the text wrapped beside it.
ftxui::Elements labelled(std::string_view label, std::string_view text, const Look& look);
inline constexpr int kLabelWidth = 12;

// `share` from 0 to 1; the rest is shaded.
std::string bar(double share, int width);

// A box with a title in its frame.
ftxui::Element box(std::string_view title, ftxui::Element content);

// A list to choose from. Rows that cannot be chosen say why, below.
struct Row {
  std::vector<std::string> lines;
  std::string refusal;
};
// `cursor` is the marked row, -1 for none; the list scrolls so that it is seen.
ftxui::Element choice_list(const std::vector<Row>& rows, int cursor, int width);

// Text that may be longer than the screen, `scroll` lines of it above the upper edge.
ftxui::Element scrolled(ftxui::Elements content, int scroll);

}  // namespace drydock::tui
