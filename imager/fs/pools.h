#pragma once

#include <optional>

#include "base/result.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// Members of a larger whole, which have blocks of volumes that only that whole knows.
Result<std::optional<VolumeInfo>> probe_bcache(const io::BlockSource& volume);
Result<std::optional<VolumeInfo>> probe_bluestore(const io::BlockSource& volume);
Result<std::optional<VolumeInfo>> probe_storage_spaces(const io::BlockSource& volume);
Result<std::optional<VolumeInfo>> probe_vmfs(const io::BlockSource& volume);
Result<std::optional<VolumeInfo>> probe_vdo(const io::BlockSource& volume);
Result<std::optional<VolumeInfo>> probe_stratis(const io::BlockSource& volume);

}  // namespace drydock::fs
