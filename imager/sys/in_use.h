#pragma once

#include <map>
#include <string>
#include <vector>

#include "sys/sys_tree.h"

namespace drydock::sys {

// What of this machine's block devices is in use, as it was when this was made.
class Uses {
 public:
  explicit Uses(const SysTree& tree);

  // Why a disk (any part of it counts) or a partition (its disk as a whole counts) must not be
  // overwritten: "/dev/sda2 is mounted on /home". Empty: nothing is in the way.
  std::vector<std::string> reasons(const std::string& name) const;

  // The same for an ordinary file: a loop device may stand on it. An absolute path without links.
  std::vector<std::string> reasons_of_file(const std::string& path) const;

 private:
  void add(const std::string& device, const std::string& why);
  void add_mounts();
  void add_btrfs();
  void add_holders();

  const SysTree& tree_;
  std::map<std::string, std::vector<std::string>> reasons_;   // by the kernel's name
  std::map<std::string, std::vector<std::string>> of_files_;  // by path
};

}  // namespace drydock::sys
