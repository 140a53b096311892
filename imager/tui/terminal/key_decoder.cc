#include "tui/terminal/key_decoder.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace drydock::tui {
namespace {

constexpr std::size_t kLongestSequence = 32;  // longer ones are noise on the line

Key plain(KeyCode code) {
  return {code};
}

// CSI n ~ (VT220 and its descendants; 1/4/7/8 by who you ask).
std::optional<Key> numbered(int n) {
  switch (n) {
    case 1:
    case 7:
      return plain(KeyCode::home);
    case 2:
      return plain(KeyCode::insert);
    case 3:
      return plain(KeyCode::del);
    case 4:
    case 8:
      return plain(KeyCode::end);
    case 5:
      return plain(KeyCode::page_up);
    case 6:
      return plain(KeyCode::page_down);
    default:
      break;
  }
  static constexpr std::array kFunction{11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24};
  const auto found = std::ranges::find(kFunction, n);
  if (found == kFunction.end()) return std::nullopt;
  return function_key(static_cast<int>(found - kFunction.begin()) + 1);
}

// CSI or SS3 with a letter.
std::optional<Key> lettered(char final) {
  switch (final) {
    case 'A':
      return plain(KeyCode::up);
    case 'B':
      return plain(KeyCode::down);
    case 'C':
      return plain(KeyCode::right);
    case 'D':
      return plain(KeyCode::left);
    case 'H':
      return plain(KeyCode::home);
    case 'F':
      return plain(KeyCode::end);
    case 'Z':
      return plain(KeyCode::back_tab);
    case 'M':  // keypad Enter in application mode (SS3 M)
      return plain(KeyCode::enter);
    case 'P':
    case 'Q':
    case 'R':
    case 'S':
      return function_key(final - 'P' + 1);
    default:
      return std::nullopt;
  }
}

int number_of(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Key control_character(char c) {
  switch (c) {
    case '\r':
    case '\n':
      return plain(KeyCode::enter);
    case '\t':
      return plain(KeyCode::tab);
    case '\b':
      return plain(KeyCode::backspace);
    default:
      return {KeyCode::control, std::string(1, static_cast<char>(c + 'a' - 1))};
  }
}

}  // namespace

std::vector<Key> KeyDecoder::feed(std::string_view bytes) {
  std::vector<Key> keys;
  for (const char byte : bytes) {
    pending_ += byte;
    while (!pending_.empty() && take(keys)) {
    }
    if (pending_.size() > kLongestSequence) pending_.clear();
  }
  return keys;
}

std::vector<Key> KeyDecoder::timeout() {
  std::vector<Key> keys;
  if (pending_ == "\x1b") keys.push_back(plain(KeyCode::escape));
  // Two presses of Escape in a row look like the begin of a longer sequence.
  if (pending_ == "\x1b\x1b") keys.assign(2, plain(KeyCode::escape));
  pending_.clear();
  return keys;
}

bool KeyDecoder::take(std::vector<Key>& keys) {
  const char first = pending_[0];
  if (first == '\x1b') return take_escape(keys);
  if (static_cast<unsigned char>(first) >= 0x80) return take_utf8(keys);
  drop(1);
  if (first == '\x7f') {
    keys.push_back(plain(KeyCode::backspace));
  } else if (first == '\0') {
    // Sent by some lines as padding.
  } else if (static_cast<unsigned char>(first) < 0x20) {
    keys.push_back(control_character(first));
  } else {
    keys.push_back(character(std::string_view(&first, 1)));
  }
  return true;
}

bool KeyDecoder::take_escape(std::vector<Key>& keys) {
  if (pending_.size() < 2) return false;
  if (pending_[1] == '[') return take_csi(keys);
  if (pending_[1] == 'O') {
    if (pending_.size() < 3) return false;
    if (const auto key = lettered(pending_[2])) keys.push_back(*key);
    drop(3);
    return true;
  }
  if (pending_[1] == '\x1b') {
    if (pending_.size() < 3) return false;
    keys.push_back(plain(KeyCode::escape));
    drop(1);
    return true;
  }
  // Alt and a character: Alt means nothing here.
  drop(2);
  return true;
}

bool KeyDecoder::take_csi(std::vector<Key>& keys) {
  if (pending_.size() < 3) return false;
  if (pending_[2] == '[') {  // the Linux console's F1 … F5
    if (pending_.size() < 4) return false;
    const char final = pending_[3];
    if (final >= 'A' && final <= 'E') keys.push_back(function_key(final - 'A' + 1));
    drop(4);
    return true;
  }
  const auto final = std::find_if(pending_.begin() + 2, pending_.end(),
                                  [](char c) { return c >= 0x40 && c <= 0x7e; });
  if (final == pending_.end()) return false;
  const std::string parameters(pending_.begin() + 2, final);
  const auto fields = split(parameters, ';');
  const int first = fields.empty() ? 0 : number_of(fields[0]);
  if (*final == '~') {
    if (const auto key = numbered(first)) keys.push_back(*key);
  } else if (*final == 'R' && fields.size() == 2) {
    reported_ = {first, number_of(fields[1])};
  } else if (*final != 'M') {
    if (const auto key = lettered(*final)) keys.push_back(*key);
  }
  drop(static_cast<std::size_t>(final - pending_.begin()) + 1);
  return true;
}

bool KeyDecoder::take_utf8(std::vector<Key>& keys) {
  const auto lead = static_cast<unsigned char>(pending_[0]);
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 0;
  if (length == 0 || lead >= 0xf8) {
    drop(1);
    return true;
  }
  for (std::size_t i = 1; i < std::min(length, pending_.size()); ++i)
    if ((static_cast<unsigned char>(pending_[i]) & 0xc0) != 0x80) {
      drop(i);
      return true;
    }
  if (pending_.size() < length) return false;
  keys.push_back(character(std::string_view(pending_).substr(0, length)));
  drop(length);
  return true;
}

}  // namespace drydock::tui
