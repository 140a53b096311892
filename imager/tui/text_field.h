#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tui/key.h"

namespace drydock::tui {

// A line of text being typed.
class TextField {
 public:
  TextField() = default;
  explicit TextField(std::string_view utf8) { set(utf8); }

  // The cursor goes to the end.
  void set(std::string_view utf8);
  std::string text() const;
  bool empty() const { return characters_.empty(); }

  // Typing, Backspace, Delete, Left, Right, Home, End, Ctrl-U (empties it); true when the key was
  // one of them.
  bool edit(const Key& key);

  // The same with a star for every character: of a password.
  TextField hidden() const;

  // What stands before, at and behind the cursor; at the end `at` is a space.
  struct Parts {
    std::string before;
    std::string at;
    std::string after;
  };
  Parts parts() const;

 private:
  std::string joined(std::size_t from, std::size_t to) const;

  std::vector<std::string> characters_;  // UTF-8, one each
  std::size_t cursor_ = 0;               // 0 … characters_.size()
};

}  // namespace drydock::tui
