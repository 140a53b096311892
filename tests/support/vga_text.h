// What a VGA adapter in text mode shows, from its memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace drydock::test {

// Physical address and size of the window in the colour text modes (IBM VGA).
inline constexpr std::uint64_t kVgaTextBase = 0xB8000;
inline constexpr std::size_t kVgaTextSize = 0x8000;

// `memory` is that window; `start` the first cell on the screen, counted in cells (CRT controller
// registers 0x0C and 0x0D: the Linux console scrolls by moving it). A cell is a character in code
// page 437 and an attribute. The result is UTF-8, a line per row without trailing blanks.
std::string vga_text(std::string_view memory, std::size_t start, std::size_t columns = 80,
                     std::size_t rows = 25);

// The part of it that stands out: cells with a background other than black, a line per row that has
// any.
std::string vga_selected(std::string_view memory, std::size_t start, std::size_t columns = 80,
                         std::size_t rows = 25);

// The glyph of a code page 437 character.
char32_t cp437(unsigned char c);

}  // namespace drydock::test
