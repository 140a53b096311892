#include "tui/terminal/painter.h"

#include <format>

namespace drydock::tui {
namespace {

// Cells that did not change are sent again where that is shorter than moving the cursor past them.
constexpr std::size_t kShortGap = 6;

}  // namespace

Painter::Cell Painter::cell_of(const ftxui::Pixel& pixel) const {
  Cell cell{pixel.character, {}};
  const auto add = [&cell](std::string_view parameter) {
    cell.style += ';';
    cell.style += parameter;
  };
  if (pixel.bold) add("1");
  if (pixel.underlined) add("4");
  if (pixel.inverted) add("7");
  if (!profile_.colour) return cell;
  if (pixel.foreground_color != ftxui::Color()) add(pixel.foreground_color.Print(false));
  if (pixel.background_color != ftxui::Color()) add(pixel.background_color.Print(true));
  return cell;
}

void Painter::put(const Cell& cell, std::string& out) {
  if (cell.style != style_) {
    out += "\x1b[0" + cell.style + "m";
    style_ = cell.style;
  }
  out += cell.glyph;
}

void Painter::paint_row(std::size_t row, const std::vector<Cell>& cells, std::string& out) {
  const auto& before = shown_[row];
  std::size_t at = cells.size() + kShortGap + 1;  // where the terminal's cursor is; far: elsewhere
  for (std::size_t x = 0; x < cells.size(); ++x) {
    if (cells[x] == before[x]) continue;
    if (at <= x && x - at <= kShortGap) {
      for (; at < x; ++at) put(cells[at], out);
    } else {
      out += std::format("\x1b[{};{}H", row + 1, x + 1);
    }
    put(cells[x], out);
    at = x + 1;
  }
}

std::string Painter::paint(const ftxui::Screen& screen) {
  const auto columns = static_cast<std::size_t>(screen.dimx());
  const auto rows = static_cast<std::size_t>(screen.dimy());
  std::string out;
  if (shown_.size() != rows || (rows > 0 && shown_[0].size() != columns)) {
    out += "\x1b[0m\x1b[2J";
    style_.clear();
    shown_.assign(rows, std::vector<Cell>(columns, Cell{" ", {}}));
  }
  std::vector<Cell> cells(columns);
  for (std::size_t y = 0; y < rows; ++y) {
    for (std::size_t x = 0; x < columns; ++x)
      cells[x] = cell_of(screen.PixelAt(static_cast<int>(x), static_cast<int>(y)));
    paint_row(y, cells, out);
    shown_[y] = cells;
  }
  if (!style_.empty()) {
    out += "\x1b[0m";
    style_.clear();
  }
  return out;
}

}  // namespace drydock::tui
