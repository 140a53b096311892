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

}  // namespace

char32_t cp437(unsigned char c) {
  if (c < 0x20) return kLow[c];
  return c < 0x7F ? c : kHigh[c - 0x7Fu];
}

std::string vga_text(std::string_view memory, std::size_t start, std::size_t columns,
                     std::size_t rows) {
  const std::size_t cells = memory.size() / 2;
  std::string all;
  for (std::size_t r = 0; r < rows; ++r) {
    std::string line;
    for (std::size_t c = 0; c < columns && cells > 0; ++c) {
      const std::size_t cell =
          (start + r * columns + c) % cells;  // the adapter wraps round its memory
      line += utf8(cp437(static_cast<unsigned char>(memory[cell * 2])));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    all += line + "\n";
  }
  return all;
}

}  // namespace drydock::test
