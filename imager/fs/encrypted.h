#pragma once

#include <optional>

#include "base/result.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// Encrypted volumes: every block looks in use, and is kept.
Result<std::optional<VolumeInfo>> probe_luks(const io::BlockSource& volume);
Result<std::optional<VolumeInfo>> probe_bitlocker(const io::BlockSource& volume);

}  // namespace drydock::fs
