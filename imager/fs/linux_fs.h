#pragma once

#include <optional>

#include "base/result.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// Filesystems of Linux that are recognised and have no allocation-map reader yet.
Result<std::optional<VolumeInfo>> probe_bcachefs(const io::BlockSource& volume);
Result<std::optional<VolumeInfo>> probe_gfs2(const io::BlockSource& volume);
Result<std::optional<VolumeInfo>> probe_ocfs2(const io::BlockSource& volume);

}  // namespace drydock::fs
