#pragma once

#include <cstdint>

namespace drydock::fs {

// The kind of an inode in the mode that Unix filesystems keep of it (POSIX, <sys/stat.h>).
inline constexpr std::uint16_t kModeType = 0170000;
inline constexpr std::uint16_t kModeFile = 0100000;
inline constexpr std::uint16_t kModeFolder = 0040000;
inline constexpr std::uint16_t kModeLink = 0120000;

}  // namespace drydock::fs
