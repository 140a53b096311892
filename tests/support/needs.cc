#include "support/needs.h"

#include <unistd.h>

#include "support/process.h"

namespace drydock::test {

std::optional<std::string> missing_program(std::string_view name) {
  if (have_program(name)) return std::nullopt;
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
