// A directory of a test's own, gone with the test.
#pragma once

#include <filesystem>
#include <string_view>

namespace drydock::test {

// Lives under $TMPDIR, or /var/tmp: disk images are large and sparse, and /tmp is often in memory.
// Removed with all it holds by the destructor, unless DRYDOCK_KEEP_TEMP is set (to look at a
// failure).
class TempDir {
 public:
  explicit TempDir(std::string_view name = "drydock");  // throws std::runtime_error
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

}  // namespace drydock::test
