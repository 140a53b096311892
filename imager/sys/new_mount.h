#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace drydock::sys {

// The kernel's newer way to mount (fsopen(2)): options one by one, so that a password may hold any
// character and stands on nobody's list of mounts.
struct NewMount {
  std::string type;  // "cifs"
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<std::string> flags;  // options without a value
  bool read_only = false;
};

// 0, or errno. Never setuid, devices or programs from there.
int mount_new(const NewMount& what, const std::string& folder);

}  // namespace drydock::sys
