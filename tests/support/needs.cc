#include "support/needs.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace drydock::test {

std::optional<std::string> missing_program(std::string_view name) {
  const char* const path = std::getenv("PATH");
  // An unprivileged PATH often lacks the folders that mkfs tools live in.
  std::string folders = std::string(path != nullptr ? path : "") + ":/usr/sbin:/sbin";
  for (std::size_t at = 0; at < folders.size();) {
    const std::size_t end = std::min(folders.find(':', at), folders.size());
    const std::string file = folders.substr(at, end - at) + "/" + std::string(name);
    if (access(file.c_str(), X_OK) == 0) return std::nullopt;
    at = end + 1;
  }
  return std::string(name) + " is not installed";
}

std::optional<std::string> missing_programs(std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names)
    if (auto why = missing_program(name)) return why;
  return std::nullopt;
}

std::optional<std::string> not_root() {
  if (geteuid() == 0) return std::nullopt;
  return "needs root";
}

}  // namespace drydock::test
