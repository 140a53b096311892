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
#include "support/process.h"
#include "support/temp_dir.h"
#include "support/worn_volume.h"

namespace drydock::test {
namespace {

struct Volume {
  std::string device, type, options;
};

// The live system makes every device read-only; this one is the test's own.
void make_writable(const std::string& device) {
  const int fd = open(device.c_str(), O_RDONLY | O_CLOEXEC);
  const int off = 0;
  if (fd < 0 || ioctl(fd, BLKROSET, &off) != 0)
    throw std::runtime_error(device + " cannot be made writable");
  close(fd);
}

class Mounted {
 public:
  Mounted(const Volume& volume, std::string_view mode) {
    run({.argv = {"modprobe", volume.type}});
    std::string options(mode);
    if (volume.options != "-") options += "," + volume.options;
    must_run({.argv = {"mount", "-t", volume.type, "-o", options, volume.device, path().string()}});
  }
  ~Mounted() { run({.argv = {"umount", path().string()}}); }
  Mounted(const Mounted&) = delete;
  Mounted& operator=(const Mounted&) = delete;

  const std::filesystem::path& path() const { return where_.path(); }

 private:
  TempDir where_{"mounted"};
};

int work(const std::vector<std::string>& args) {
  if (args.size() == 6 && args[0] == "fill") {
    make_writable(args[1]);
    const Mounted mounted({args[1], args[2], args[3]}, "rw");
    wear(mounted.path(), static_cast<unsigned>(std::stoul(args[4])), std::stoull(args[5]));
    return 0;
  }
  if (args.size() == 4 && args[0] == "tree") {
    const Mounted mounted({args[1], args[2], args[3]}, "ro");
    std::cout << to_text(file_tree(mounted.path()));
    return 0;
  }
  std::cerr << "usage: in_guest fill DEVICE TYPE OPTIONS SEED ROOM | tree DEVICE TYPE OPTIONS\n";
  return 2;
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
