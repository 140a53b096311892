#pragma once

#include <optional>

#include "base/result.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// exFAT (Microsoft exFAT specification, 2019).
Result<std::optional<VolumeInfo>> probe_exfat(const io::BlockSource& volume);

}  // namespace drydock::fs
