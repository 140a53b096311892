#include "tui/terminal/profile.h"

#include <algorithm>
#include <string>

namespace drydock::tui {
namespace {

bool names_utf8(std::string_view locale) {
  std::string lower(locale);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
}

}  // namespace

Profile profile_of(std::string_view term, std::string_view locale, bool no_colour) {
  const bool plain = term.empty() || term == "dumb" || term == "unknown";
  const bool vt = term.starts_with("vt");
  const bool monochrome =
      plain || vt || no_colour || term.ends_with("-m") || term.ends_with("-mono");
  Profile profile;
  profile.utf8 = names_utf8(locale);
  profile.frames = profile.utf8 && !plain && !vt;
  profile.colour = !monochrome;
  profile.alternate_screen = !plain && !vt && !term.starts_with("linux");
  return profile;
}

}  // namespace drydock::tui
