#pragma once

#include <optional>
#include <string_view>

#include "io/block_source.h"

namespace drydock::sys {

// How the kernel is asked for a filesystem.
struct MountKind {
  std::string_view type;       // "ext4", as in /proc/filesystems
  std::string_view read_only;  // options with which nothing is replayed or written
  std::string_view read_write;
  bool writable = true;  // false: the kernel can only read it
};

// By the magic number in the superblock; nothing when the volume holds no filesystem that can be
// mounted. An Error when the volume cannot be read.
Result<std::optional<MountKind>> mount_kind(const io::BlockSource& volume);

}  // namespace drydock::sys
