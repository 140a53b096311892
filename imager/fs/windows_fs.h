#pragma once

#include <optional>

#include "base/result.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// Filesystems of Windows and OS/2 beside FAT, exFAT and NTFS.
Result<std::optional<VolumeInfo>> probe_refs(const io::BlockSource& volume);
Result<std::optional<VolumeInfo>> probe_hpfs(const io::BlockSource& volume);

}  // namespace drydock::fs
