#pragma once

#include <string>

namespace drydock {

// A layout that the consoles of the live system can have.
struct KeyboardLayout {
  std::string name;      // as drydock.keymap= and the program keymap take it: "de"
  std::string language;  // whose keyboards have it: "German"

  bool operator==(const KeyboardLayout&) const = default;
};

}  // namespace drydock
