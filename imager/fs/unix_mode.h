#pragma once

#include <cstdint>

#include "fs/files.h"

namespace drydock::fs {

// The kind of an inode in the mode that Unix filesystems keep of it (POSIX, <sys/stat.h>).
inline constexpr std::uint16_t kModeType = 0170000;
inline constexpr std::uint16_t kModeFile = 0100000;
inline constexpr std::uint16_t kModeFolder = 0040000;
inline constexpr std::uint16_t kModeLink = 0120000;

inline FileNode::Kind kind_of_mode(std::uint16_t mode) {
  switch (mode & kModeType) {
    case kModeFile:
      return FileNode::Kind::file;
    case kModeFolder:
      return FileNode::Kind::folder;
    case kModeLink:
      return FileNode::Kind::link;
    default:
      return FileNode::Kind::other;
  }
}

}  // namespace drydock::fs
