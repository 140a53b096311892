#include "sys/storage.h"

#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <optional>

#include "io/sync_folder.h"
#include "sys/block_tree.h"
#include "sys/mounts.h"

namespace drydock::sys {
namespace {

std::optional<std::string> followed(const std::string& path) {
  struct Free {
    void operator()(char* p) const { std::free(p); }
  };
  const std::unique_ptr<char, Free> found(::realpath(path.c_str(), nullptr));
  if (!found) return std::nullopt;
  return std::string(found.get());
}

}  // namespace

std::string real_path(const std::string& path) {
  if (const auto found = followed(path)) return *found;
  const auto folder = followed(io::folder_of(path));
  if (!folder) return path;
  return (*folder == "/" ? "" : *folder) + "/" + path.substr(path.rfind('/') + 1);
}

Result<Storage> storage_of(const SysTree& tree, const std::string& path) {
  Storage storage;
  const auto mounts = parse_mountinfo(tree.raw("/proc/self/mountinfo"));
  const Mount* mount = mount_of(mounts, path);
  if (mount != nullptr) {
    storage.mount_point = mount->point;
    storage.filesystem = mount->filesystem;
    storage.largest_file = largest_file(mount->filesystem);
    storage.writable = !mount->read_only;
    if (const auto device = device_of(tree, *mount)) {
      storage.device = device_path(*device);
      storage.disk = device_path(drives_below(tree, *device).front());
    }
  }
  TRY(measure(path, storage));
  const std::string folder = ::access(path.c_str(), F_OK) == 0 ? path : io::folder_of(path);
  storage.writable = storage.writable && ::access(folder.c_str(), W_OK) == 0;
  return storage;
}

}  // namespace drydock::sys
