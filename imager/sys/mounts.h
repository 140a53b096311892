#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sys/machine.h"

namespace drydock::sys {

// A line of /proc/self/mountinfo (proc(5)).
struct Mount {
  std::string device;  // "8:2"; of Btrfs and network filesystems one that no device has
  std::string point;
  std::string filesystem;
  std::string source;  // "/dev/sda2", "server:/share"
  bool read_only = false;

  bool operator==(const Mount&) const = default;
};

// Lines that are not understood are left out. Octal escapes (\040) are undone.
std::vector<Mount> parse_mountinfo(std::string_view text);

// Paths of the devices and files of /proc/swaps.
std::vector<std::string> parse_swaps(std::string_view text);

// The mount that an absolute path without symbolic links stands on; null when there is none. Of
// several on one point the last hides the others.
const Mount* mount_of(const std::vector<Mount>& mounts, std::string_view path);

// Fills in free and total. `path` or, when it does not exist yet, its folder is measured.
Result<void> measure(const std::string& path, Storage& storage);

// 0: no limit that matters.
std::uint64_t largest_file(std::string_view filesystem);

}  // namespace drydock::sys
