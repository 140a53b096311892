#include "support/vga_text.h"

#include "support/screen.h"

namespace drydock::test {
namespace {

constexpr std::u32string_view kLow = U" ☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼";
constexpr std::u32string_view kHigh =
    U"⌂ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█"
    U"▄▌▐▀"
    U"αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ";

static_assert(kLow.size() == 0x20 && kHigh.size() == 0x100 - 0x7F);

struct Cell {
  char32_t character;
  unsigned background;
};

Cell cell_at(std::string_view memory, std::size_t index) {
  const std::size_t at = index * 2 % memory.size();  // the adapter wraps round its memory
  const auto attribute = static_cast<unsigned char>(memory[at + 1]);
  return {cp437(static_cast<unsigned char>(memory[at])), attribute >> 4 & 7u};
}

}  // namespace

char32_t cp437(unsigned char c) {
  if (c < 0x20) return kLow[c];
  return c < 0x7F ? c : kHigh[c - 0x7Fu];
}

std::string vga_text(std::string_view memory, std::size_t start, std::size_t columns,
                     std::size_t rows) {
  std::string all;
  for (std::size_t r = 0; r < rows; ++r) {
    std::string line;
    for (std::size_t c = 0; c < columns; ++c)
      line += utf8(cell_at(memory, start + r * columns + c).character);
    all += without_last_blanks(std::move(line)) + "\n";
  }
  return all;
}

std::string vga_selected(std::string_view memory, std::size_t start, std::size_t columns,
                         std::size_t rows) {
  std::string all;
  for (std::size_t r = 0; r < rows; ++r) {
    std::string line;
    for (std::size_t c = 0; c < columns; ++c) {
      const Cell cell = cell_at(memory, start + r * columns + c);
      if (cell.background != 0) line += utf8(cell.character);
    }
    if (!line.empty()) all += without_last_blanks(std::move(line)) + "\n";
  }
  return all;
}

}  // namespace drydock::test
