#include "support/loop_device.h"

#include "support/process.h"
#include "support/skip.h"

namespace drydock::test {

std::optional<std::string> no_loop_device() {
  if (auto why = not_root()) return why;
  if (auto why = missing_program("losetup")) return why;
  if (!std::filesystem::exists("/dev/loop-control")) return "the kernel has no loop devices";
  return std::nullopt;
}

LoopDevice::LoopDevice(const std::filesystem::path& file, std::vector<std::string> options) {
  std::vector<std::string> argv{"losetup", "--find", "--show"};
  argv.insert(argv.end(), options.begin(), options.end());
  argv.push_back(file.string());
  path_ = must_run({.argv = argv});
  path_.erase(path_.find_last_not_of('\n') + 1);
}

LoopDevice::~LoopDevice() {
  // The kernel keeps a read-only flag beyond the detaching, for whoever gets the device next.
  run({.argv = {"blockdev", "--setrw", path_}});
  run({.argv = {"losetup", "--detach", path_}});
}

}  // namespace drydock::test
