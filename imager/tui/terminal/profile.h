#pragma once

#include <string_view>

namespace drydock::tui {

// What the terminal at hand can show.
struct Profile {
  bool utf8 = false;    // characters beyond ASCII arrive as themselves
  bool frames = false;  // lines and blocks: only those that are in code page 437 too, which is all
                        // that the font of a VGA adapter has
  bool colour = false;  // the 16 colours of ECMA-48 with the aixterm extension
  bool alternate_screen = false;  // what was on the screen before can be brought back

  bool operator==(const Profile&) const = default;
};

// From $TERM, the locale's name ($LC_ALL, $LC_CTYPE or $LANG, the first that is set) and whether
// $NO_COLOR is set. VT100 to VT420 get neither colours nor lines: the terminal program behind a
// serial line may claim to be one and yet show UTF-8 or line drawing wrongly; letters are always
// right.
Profile profile_of(std::string_view term, std::string_view locale, bool no_colour);

}  // namespace drydock::tui
