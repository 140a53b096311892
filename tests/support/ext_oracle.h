// What e2fsprogs says of an ext2, ext3 or ext4 volume.
#pragma once

#include <filesystem>

#include "core/extent_map.h"

namespace drydock::test {

// What dumpe2fs lists as free, by the bitmaps as they are on the disk.
ExtentMap dumpe2fs_free(const std::filesystem::path& volume);

// All that it does not list as free, and everything outside the filesystem.
ExtentMap dumpe2fs_used(const std::filesystem::path& volume);

}  // namespace drydock::test
