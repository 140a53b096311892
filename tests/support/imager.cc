#include "support/imager.h"

#include <cstdlib>

namespace drydock::test {

std::filesystem::path imager_path() {
  const char* chosen = std::getenv("DRYDOCK_IMAGER");
  return std::filesystem::absolute(chosen != nullptr ? chosen : "build/imager");
}

Command imager_command(std::vector<std::string> arguments, std::string input) {
  arguments.insert(arguments.begin(), imager_path());
  return {.argv = std::move(arguments),
          .input = std::move(input),
          .env = {{"SOURCE_DATE_EPOCH", "1767225600"}}};
}

Outcome imager(std::vector<std::string> arguments, std::string input) {
  return run(imager_command(std::move(arguments), std::move(input)));
}

}  // namespace drydock::test
