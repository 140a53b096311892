#include "support/temp_dir.h"

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>

namespace drydock::test {

TempDir::TempDir(std::string_view name) {
  const char* base = std::getenv("TMPDIR");
  std::string pattern = std::string(base != nullptr && *base != '\0' ? base : "/var/tmp") + "/" +
                        std::string(name) + ".XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error(pattern + ": " + std::generic_category().message(errno));
  }
  path_ = pattern;
}

TempDir::~TempDir() {
  if (std::getenv("DRYDOCK_KEEP_TEMP") != nullptr) return;
  std::error_code ignored;  // a mount left inside by a failing test must not hide that failure
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace drydock::test
