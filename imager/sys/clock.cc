#include "sys/clock.h"

#include <sys/stat.h>

#include <charconv>
#include <cstdlib>
#include <ctime>
#include <string_view>

namespace drydock::sys {
namespace {

std::time_t clock_now() {
  std::time_t fixed = 0;
  if (const char* text = std::getenv("SOURCE_DATE_EPOCH")) {
    const std::string_view digits = text;
    const auto end = digits.data() + digits.size();
    if (std::from_chars(digits.data(), end, fixed).ptr == end && !digits.empty()) return fixed;
  }
  return std::time(nullptr);
}

}  // namespace

std::string time_of(const std::string& source) {
  struct stat status{};
  const bool file = ::stat(source.c_str(), &status) == 0 && S_ISREG(status.st_mode);
  const std::time_t time = file ? status.st_mtime : clock_now();
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace drydock::sys
