#pragma once

#include <string>
#include <string_view>

namespace drydock::tui {

enum class KeyCode {
  character,  // `text` is one UTF-8 character
  control,    // Ctrl and the letter in `text`
  function,   // F1 … F12, in `number`
  enter,
  escape,
  backspace,
  tab,
  back_tab,
  up,
  down,
  left,
  right,
  home,
  end,
  page_up,
  page_down,
  insert,
  del,
};

// One press of a key, whichever bytes the terminal sent for it.
struct Key {
  KeyCode code = KeyCode::character;
  std::string text = {};
  int number = 0;

  bool operator==(const Key&) const = default;

  // True for the ASCII letter `lower`, typed small or large.
  bool letter(char lower) const {
    if (code != KeyCode::character || text.size() != 1) return false;
    return text[0] == lower || text[0] == lower - 'a' + 'A';
  }
  bool function_key(int n) const { return code == KeyCode::function && number == n; }
  bool control(char lower) const { return code == KeyCode::control && text[0] == lower; }
};

inline Key character(std::string_view utf8) {
  return {KeyCode::character, std::string(utf8)};
}
inline Key function_key(int number) {
  return {KeyCode::function, {}, number};
}

}  // namespace drydock::tui
