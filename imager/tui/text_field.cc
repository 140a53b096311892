#include "tui/text_field.h"

namespace drydock::tui {

void TextField::set(std::string_view utf8) {
  characters_.clear();
  for (const char byte : utf8) {
    const bool continues = (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
    if (continues && !characters_.empty())
      characters_.back() += byte;
    else
      characters_.emplace_back(1, byte);
  }
  cursor_ = characters_.size();
}

TextField TextField::hidden() const {
  TextField stars = *this;
  for (std::string& one : stars.characters_) one = "*";
  return stars;
}

std::string TextField::joined(std::size_t from, std::size_t to) const {
  std::string out;
  for (std::size_t i = from; i < to; ++i) out += characters_[i];
  return out;
}

std::string TextField::text() const {
  return joined(0, characters_.size());
}

bool TextField::edit(const Key& key) {
  const auto at = characters_.begin() + static_cast<std::ptrdiff_t>(cursor_);
  switch (key.code) {
    case KeyCode::character:
      characters_.insert(at, key.text);
      ++cursor_;
      return true;
    case KeyCode::backspace:
      if (cursor_ > 0) {
        characters_.erase(at - 1);
        --cursor_;
      }
      return true;
    case KeyCode::del:
      if (cursor_ < characters_.size()) characters_.erase(at);
      return true;
    case KeyCode::left:
      if (cursor_ > 0) --cursor_;
      return true;
    case KeyCode::right:
      if (cursor_ < characters_.size()) ++cursor_;
      return true;
    case KeyCode::home:
      cursor_ = 0;
      return true;
    case KeyCode::end:
      cursor_ = characters_.size();
      return true;
    case KeyCode::control:
      if (!key.control('u')) return false;
      set({});
      return true;
    default:
      return false;
  }
}

TextField::Parts TextField::parts() const {
  const bool at_end = cursor_ == characters_.size();
  return {joined(0, cursor_), at_end ? " " : characters_[cursor_],
          at_end ? std::string() : joined(cursor_ + 1, characters_.size())};
}

}  // namespace drydock::tui
