// A file as a block device, for tests that run as root.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace drydock::test {

// Why no loop device can be had here, or nothing.
std::optional<std::string> no_loop_device();

// Attached by the constructor (std::runtime_error when losetup fails), detached by the destructor.
class LoopDevice {
 public:
  explicit LoopDevice(const std::filesystem::path& file, std::vector<std::string> options = {});
  ~LoopDevice();
  LoopDevice(const LoopDevice&) = delete;
  LoopDevice& operator=(const LoopDevice&) = delete;

  const std::string& path() const { return path_; }  // "/dev/loop3"

 private:
  std::string path_;
};

}  // namespace drydock::test
