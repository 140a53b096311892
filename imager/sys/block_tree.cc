#include "sys/block_tree.h"

#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <format>

namespace drydock::sys {
namespace {

void add_drives_below(const SysTree& tree, const std::string& name, unsigned depth,
                      std::vector<std::string>& drives);

// Where a loop device's file stands.
bool add_drives_of_file(const SysTree& tree, const std::string& file, unsigned depth,
                        std::vector<std::string>& drives) {
  const auto mounts = parse_mountinfo(tree.raw("/proc/self/mountinfo"));
  const Mount* mount = mount_of(mounts, file);
  const auto below = mount == nullptr ? std::nullopt : device_of(tree, *mount);
  if (!below) return false;
  add_drives_below(tree, *below, depth, drives);
  return true;
}

void add_drives_below(const SysTree& tree, const std::string& name, unsigned depth,
                      std::vector<std::string>& drives) {
  constexpr unsigned kDeepest = 16;  // nobody stacks that high; a cycle would never end
  if (depth > kDeepest) return;
  const std::string disk = whole_disk(tree, name);
  const std::vector<std::string> slaves = tree.names(sysfs_folder(disk) + "/slaves");
  for (const std::string& slave : slaves) add_drives_below(tree, slave, depth + 1, drives);
  const std::string file = tree.text(sysfs_folder(disk) + "/loop/backing_file");
  const bool on_file = !file.empty() && add_drives_of_file(tree, file, depth + 1, drives);
  if (slaves.empty() && !on_file && !std::ranges::contains(drives, disk)) drives.push_back(disk);
}

}  // namespace

std::string device_path(const std::string& name) {
  std::string path = "/dev/" + name;
  std::ranges::replace(path, '!', '/');
  return path;
}

std::string sysfs_folder(const std::string& name) {
  return "/sys/class/block/" + name;
}

std::optional<std::string> block_name(const SysTree& tree, const std::string& path) {
  struct stat status{};
  if (::stat(tree.real(path).c_str(), &status) == 0 && S_ISBLK(status.st_mode)) {
    const std::string folder = tree.resolved(
        std::format("/sys/dev/block/{}:{}", major(status.st_rdev), minor(status.st_rdev)));
    if (!folder.empty()) return last_part(folder);
  }
  if (!path.starts_with("/dev/")) return std::nullopt;
  std::string name = path.substr(5);
  std::ranges::replace(name, '/', '!');
  if (name.empty() || !tree.exists(sysfs_folder(name))) return std::nullopt;
  return name;
}

std::optional<std::string> device_of(const SysTree& tree, const Mount& mount) {
  const std::string folder = tree.resolved("/sys/dev/block/" + mount.device);
  if (!folder.empty()) return last_part(folder);
  return block_name(tree, mount.source);
}

bool is_partition(const SysTree& tree, const std::string& name) {
  return tree.exists(sysfs_folder(name) + "/partition");
}

std::string whole_disk(const SysTree& tree, const std::string& name) {
  if (!is_partition(tree, name)) return name;
  // A partition's folder stands in its disk's.
  const std::string folder = tree.resolved(sysfs_folder(name));
  return last_part(folder.substr(0, folder.rfind('/')));
}

std::vector<std::string> partitions(const SysTree& tree, const std::string& disk) {
  std::vector<std::string> found;
  for (const std::string& name : tree.names(sysfs_folder(disk)))
    if (name.starts_with(disk) && tree.exists(sysfs_folder(disk) + "/" + name + "/partition"))
      found.push_back(name);
  return found;
}

std::vector<std::string> drives_below(const SysTree& tree, const std::string& name) {
  std::vector<std::string> drives;
  add_drives_below(tree, name, 0, drives);
  if (drives.empty()) drives.push_back(whole_disk(tree, name));
  return drives;
}

}  // namespace drydock::sys
