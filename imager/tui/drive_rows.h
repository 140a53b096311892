#pragma once

#include <string>
#include <vector>

#include "job/inspect.h"

namespace drydock::tui {

// A drive as lines of text: model, serial, size, bus and lock, then a line a volume with its
// filesystem, label, size and the share of it in use. `width` in cells.
std::vector<std::string> drive_lines(const job::ListedDisk& drive, int width);

// "  1 ext4     root         8.0 GiB  38% used".
std::string volume_line(const Partition& partition, const VolumeInfo& info, int width);

}  // namespace drydock::tui
