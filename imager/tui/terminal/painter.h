#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <ftxui/screen/screen.hpp>
#include "tui/terminal/profile.h"

namespace drydock::tui {

// Makes a terminal show a screen by sending only what differs from what it shows already: a full
// screen takes a fifth of a second on a fast serial line and two on a slow one.
class Painter {
 public:
  explicit Painter(Profile profile) : profile_(profile) {}

  // The bytes that turn what is shown into `screen`. The first time, after forget() and when the
  // size has changed, that begins with clearing the terminal.
  std::string paint(const ftxui::Screen& screen);

  // The terminal may show anything now.
  void forget() { shown_.clear(); }

 private:
  struct Cell {
    std::string glyph;
    std::string style;  // parameters of SGR; empty: plain

    bool operator==(const Cell&) const = default;
  };

  Cell cell_of(const ftxui::Pixel& pixel) const;
  void paint_row(std::size_t row, const std::vector<Cell>& cells, std::string& out);
  void put(const Cell& cell, std::string& out);

  Profile profile_;
  std::vector<std::vector<Cell>> shown_;
  std::string style_;  // in effect at the terminal
};

// Replaces lines, blocks and other signs beyond the font by the nearest that the terminal has.
void reduce_glyphs(ftxui::Screen& screen, const Profile& profile);

}  // namespace drydock::tui
