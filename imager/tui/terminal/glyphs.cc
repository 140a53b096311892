#include <string>
#include <string_view>
#include <utility>

#include "tui/terminal/painter.h"

namespace drydock::tui {
namespace {

// Signs that FTXUI draws but code page 437 lacks.
constexpr std::pair<std::string_view, std::string_view> kSquared[] = {
    {"╭", "┌"}, {"╮", "┐"}, {"╯", "┘"}, {"╰", "└"}, {"…", "~"},
};

constexpr std::pair<std::string_view, std::string_view> kAscii[] = {
    {"─", "-"}, {"│", "|"}, {"┌", "+"}, {"┐", "+"}, {"└", "+"}, {"┘", "+"}, {"├", "+"},
    {"┤", "+"}, {"┬", "+"}, {"┴", "+"}, {"┼", "+"}, {"═", "="}, {"║", "|"}, {"╔", "+"},
    {"╗", "+"}, {"╚", "+"}, {"╝", "+"}, {"█", "#"}, {"░", "."}, {"▒", ":"}, {"▓", "%"},
};

void replace(std::string& glyph, auto& table) {
  for (const auto& [from, to] : table)
    if (glyph == from) glyph = to;
}

}  // namespace

void reduce_glyphs(ftxui::Screen& screen, const Profile& profile) {
  for (int y = 0; y < screen.dimy(); ++y)
    for (int x = 0; x < screen.dimx(); ++x) {
      std::string& glyph = screen.PixelAt(x, y).character;
      if (glyph.size() < 2) continue;
      replace(glyph, kSquared);
      if (!profile.frames) replace(glyph, kAscii);
      if (!profile.utf8 && glyph.size() > 1) glyph = "?";
    }
}

}  // namespace drydock::tui
