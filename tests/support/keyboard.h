// Characters and names of keys as a US PC keyboard has them, in QEMU's words (QKeyCode).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace drydock::test {

// Keys held together, in order, e.g. {"shift", "a"} or {"alt", "f2"}.
using Chord = std::vector<std::string>;

// The chord that types one ASCII character (newline: Enter, 0x1B: Escape). Throws
// std::runtime_error for others.
Chord chord_for(char c);

// "ret", "alt+f2", "shift+backslash": QKeyCode names joined by '+'.
Chord chord_named(std::string_view name);

// What a VT100 or xterm sends for the same name over a serial line: "ret", "esc", "tab",
// "backspace", "up", "down", "left", "right", "home", "end", "pgup", "pgdn", "delete", "f1" …
// "f12". Throws for others.
std::string serial_bytes(std::string_view name);

}  // namespace drydock::test
