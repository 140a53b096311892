// Works on a volume with the drivers of the kernel it runs on. Carried into the emulated PC by
// tests/support/guest_kernel.h.
//
//   in_guest fill DEVICE TYPE OPTIONS SEED ROOM   mounts it, wears it (support/worn_volume.h)
//   in_guest tree DEVICE TYPE OPTIONS             mounts it read-only, prints its files
//
// OPTIONS as for mount(8), "-" for none. Nothing stays mounted.
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>
#include <stdexcept>

#include "support/file_tree.h"
#include "support/mounted.h"
#include "support/process.h"
#include "support/temp_dir.h"
#include "support/worn_volume.h"

namespace drydock::test {
namespace {

struct Volume {
  std::string device, type, options;
};

// The live system makes every device read-only; this one is the test's own. What the test has
// written to it from outside since somebody looked must be seen.
void prepare(const std::string& device) {
  const int fd = open(device.c_str(), O_RDONLY | O_CLOEXEC);
  const int off = 0;
  if (fd < 0 || ioctl(fd, BLKROSET, &off) != 0 || ioctl(fd, BLKFLSBUF, 0) != 0)
    throw std::runtime_error(device + " cannot be prepared");
  close(fd);
}

std::vector<std::string> mount_command(const Volume& volume, std::string mode,
                                       const std::string& place) {
  if (volume.options != "-") mode += "," + volume.options;
  return {"mount", "-t", volume.type, "-o", mode, volume.device, place};
}

int work(const std::vector<std::string>& args) {
  const bool fill = args.size() == 6 && args[0] == "fill";
  if (!fill && !(args.size() == 4 && args[0] == "tree")) {
    std::cerr << "usage: in_guest fill DEVICE TYPE OPTIONS SEED ROOM | tree DEVICE TYPE OPTIONS\n";
    return 2;
  }
  const Volume volume{args[1], args[2], args[3]};
  prepare(volume.device);
  run({.argv = {"modprobe", volume.type}});
  const TempDir place("mounted");
  const Mounted mounted(mount_command(volume, fill ? "rw" : "ro", place.path()), place.path());
  if (fill)
    wear(mounted.path(), static_cast<unsigned>(std::stoul(args[4])), std::stoull(args[5]));
  else
    std::cout << to_text(file_tree(mounted.path()));
  return 0;
}

}  // namespace
}  // namespace drydock::test

int main(int argc, char** argv) {
  try {
    return drydock::test::work({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
