#include "sys/in_use.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "sys/block_tree.h"

namespace drydock::sys {

Uses::Uses(const SysTree& tree) : tree_(tree) {
  add_mounts();
  add_btrfs();
  add_holders();
  for (const std::string& path : parse_swaps(tree.raw("/proc/swaps")))
    if (const auto name = block_name(tree, path)) add(*name, "is used as swap");
}

void Uses::add(const std::string& device, const std::string& why) {
  reasons_[device].push_back(device_path(device) + " " + why);
}

// The first of several places is enough.
void Uses::add_mounts() {
  std::set<std::string> told;
  for (const Mount& mount : parse_mountinfo(tree_.raw("/proc/self/mountinfo")))
    if (const auto name = device_of(tree_, mount); name && told.insert(*name).second)
      add(*name, "is mounted on " + printable(mount.point));
}

// A Btrfs over several devices shows only one of them in mountinfo.
void Uses::add_btrfs() {
  for (const std::string& uuid : tree_.names("/sys/fs/btrfs"))
    for (const std::string& name : tree_.names("/sys/fs/btrfs/" + uuid + "/devices"))
      if (!reasons_.contains(name)) add(name, "belongs to a mounted Btrfs");
}

// Device mapper, md and bcache say what they stand on; loop devices do on which file.
void Uses::add_holders() {
  for (const std::string& name : tree_.names("/sys/class/block")) {
    for (const std::string& holder : tree_.names(sysfs_folder(name) + "/holders")) {
      const std::string called = printable(tree_.text(sysfs_folder(holder) + "/dm/name"));
      add(name, "belongs to " + device_path(holder) + (called.empty() ? "" : " (" + called + ")"));
    }
    const std::string file = tree_.text(sysfs_folder(name) + "/loop/backing_file");
    if (file.empty()) continue;
    of_files_[file].push_back(file + " is used by " + device_path(name));
    if (const auto below = block_name(tree_, file)) add(*below, "is used by " + device_path(name));
  }
}

std::vector<std::string> Uses::reasons(const std::string& name) const {
  std::vector<std::string> names{whole_disk(tree_, name)};
  if (names.front() != name) {
    names.push_back(name);
  } else {
    std::ranges::copy(partitions(tree_, name), std::back_inserter(names));
  }
  std::vector<std::string> all;
  for (const std::string& each : names)
    if (const auto found = reasons_.find(each); found != reasons_.end())
      std::ranges::copy(found->second, std::back_inserter(all));
  return all;
}

std::vector<std::string> Uses::reasons_of_file(const std::string& path) const {
  const auto found = of_files_.find(path);
  return found == of_files_.end() ? std::vector<std::string>() : found->second;
}

}  // namespace drydock::sys
