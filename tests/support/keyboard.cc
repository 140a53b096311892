#include "support/keyboard.h"

#include <array>
#include <map>
#include <stdexcept>
#include <utility>

namespace drydock::test {
namespace {

constexpr std::array<std::pair<char, std::string_view>, 14> kPlain{{{'\n', "ret"},
                                                                    {'\t', "tab"},
                                                                    {'\x1b', "esc"},
                                                                    {' ', "spc"},
                                                                    {'-', "minus"},
                                                                    {'=', "equal"},
                                                                    {'[', "bracket_left"},
                                                                    {']', "bracket_right"},
                                                                    {';', "semicolon"},
                                                                    {'\'', "apostrophe"},
                                                                    {'`', "grave_accent"},
                                                                    {',', "comma"},
                                                                    {'.', "dot"},
                                                                    {'/', "slash"}}};

// What Shift makes of the key of the second character.
constexpr std::string_view kShifted = R"(!1@2#3$4%5^6&7*8(9)0_-+={[}]:;"'~`<,>.?/)";

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

Chord chord_for(char c) {
  if (is_lower(c) || is_digit(c)) return {std::string(1, c)};
  if (is_upper(c)) return {"shift", std::string(1, static_cast<char>(c - 'A' + 'a'))};
  if (c == '\\') return {"backslash"};
  if (c == '|') return {"shift", "backslash"};
  for (const auto& [character, name] : kPlain) {
    if (c == character) return {std::string(name)};
  }
  for (std::size_t i = 0; i < kShifted.size(); i += 2) {
    if (c != kShifted[i]) continue;
    Chord chord = chord_for(kShifted[i + 1]);
    chord.insert(chord.begin(), "shift");
    return chord;
  }
  throw std::runtime_error("no key types character " +
                           std::to_string(static_cast<unsigned char>(c)));
}

Chord chord_named(std::string_view name) {
  Chord chord;
  while (true) {
    const auto plus = name.find('+');
    chord.emplace_back(name.substr(0, plus));
    if (plus == std::string_view::npos) return chord;
    name.remove_prefix(plus + 1);
  }
}

std::string serial_bytes(std::string_view name) {
  static const std::map<std::string_view, std::string_view> kBytes{
      {"ret", "\r"},         {"esc", "\x1b"},     {"tab", "\t"},       {"spc", " "},
      {"backspace", "\x7f"}, {"up", "\x1b[A"},    {"down", "\x1b[B"},  {"right", "\x1b[C"},
      {"left", "\x1b[D"},    {"home", "\x1b[H"},  {"end", "\x1b[F"},   {"insert", "\x1b[2~"},
      {"delete", "\x1b[3~"}, {"pgup", "\x1b[5~"}, {"pgdn", "\x1b[6~"}, {"f1", "\x1bOP"},
      {"f2", "\x1bOQ"},      {"f3", "\x1bOR"},    {"f4", "\x1bOS"},    {"f5", "\x1b[15~"},
      {"f6", "\x1b[17~"},    {"f7", "\x1b[18~"},  {"f8", "\x1b[19~"},  {"f9", "\x1b[20~"},
      {"f10", "\x1b[21~"},   {"f11", "\x1b[23~"}, {"f12", "\x1b[24~"}, {"shift+tab", "\x1b[Z"},
  };
  const auto found = kBytes.find(name);
  if (found == kBytes.end() && name.size() == 1) return std::string(name);
  if (found == kBytes.end()) throw std::runtime_error("no serial form of key " + std::string(name));
  return std::string(found->second);
}

}  // namespace drydock::test
