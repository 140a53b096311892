#include "sys/write_gate.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>

#include "io/fd.h"
#include "sys/block_tree.h"
#include "sys/disks.h"

namespace drydock::sys {
namespace {

// O_NONBLOCK: an empty drive is no obstacle.
constexpr int kLook = O_RDONLY | O_NONBLOCK;

Result<void> set_flag(int fd, const std::string& path, bool read_only) {
  const int flag = read_only ? 1 : 0;
  if (::ioctl(fd, BLKROSET, &flag) == 0) return {};
  return fail(
      os_error(errno, path, read_only ? "cannot be made read-only" : "cannot be made writable"));
}

// Holding the device exclusively meanwhile: nobody can mount it between look and leap.
Result<void> shut_one(const std::string& path) {
  const Result<io::Fd> fd = io::open_path(path, kLook | O_EXCL);
  if (fd) return set_flag(fd->get(), path, true);
  if (fd.error().os == EBUSY || fd.error().os == ENOMEDIUM) return {};
  return fail(fd.error());
}

Result<void> open_one(const std::string& path) {
  const io::Fd fd = TRY(io::open_path(path, kLook));
  TRY(set_flag(fd.get(), path, false));
  int read_only = 0;
  // The drive's own protection is another bit in the kernel, which the flag does not touch.
  if (::ioctl(fd.get(), BLKROGET, &read_only) == 0 && read_only != 0)
    return fail(environment_error(path, "is write-protected",
                                  "Move the switch on the card or drive, or choose another one"));
  return {};
}

bool is_read_only(const SysTree& tree, const std::string& name) {
  return tree.number(sysfs_folder(name) + "/ro") != 0;
}

}  // namespace

Result<void> WriteGate::shut(const std::string& name) {
  if (!live_) return {};
  if (is_partition(tree_, name)) TRY(shut_one(device_path(name)));
  return shut_one(device_path(whole_disk(tree_, name)));
}

Result<void> WriteGate::open(const std::string& name) {
  if (!live_) return {};
  if (!is_partition(tree_, name)) return open_one(device_path(name));
  const std::string disk = whole_disk(tree_, name);
  for (const std::string& other : partitions(tree_, disk))
    if (other != name) TRY(shut_one(device_path(other)));
  TRY(open_one(device_path(disk)));
  return open_one(device_path(name));
}

std::vector<std::string> writable_devices(const SysTree& tree) {
  std::vector<std::string> writable;
  for (const std::string& disk : disk_names(tree)) {
    if (is_read_only(tree, disk) || !medium_present(tree, disk)) continue;
    const std::vector<std::string> parts = partitions(tree, disk);
    const auto closed = [&](const std::string& part) { return is_read_only(tree, part); };
    if (std::ranges::none_of(parts, closed)) {
      writable.push_back(device_path(disk));
      continue;
    }
    for (const std::string& part : parts)
      if (!closed(part)) writable.push_back(device_path(part));
  }
  return writable;
}

}  // namespace drydock::sys
