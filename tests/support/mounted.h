// A volume that is mounted until the end of a scope.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace drydock::test {

class Mounted {
 public:
  // Runs `command`, which mounts something at `place`: a folder, made if there is none. Throws
  // std::runtime_error where that fails.
  Mounted(const std::vector<std::string>& command, std::filesystem::path place);
  // Unmounts; what cannot be unmounted stays.
  ~Mounted();
  Mounted(const Mounted&) = delete;
  Mounted& operator=(const Mounted&) = delete;

  // Unmounts before the end of the scope, and throws where that fails.
  void end();

  const std::filesystem::path& path() const { return place_; }

 private:
  std::filesystem::path place_;
  bool mounted_ = true;
};

// The same for what this kernel may not be able to mount: nothing then.
std::unique_ptr<Mounted> mount_if_possible(const std::vector<std::string>& command,
                                           const std::filesystem::path& place);

}  // namespace drydock::test
