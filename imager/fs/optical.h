#pragma once

#include <optional>

#include "base/result.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// UDF, ISO 9660 and discs that are both.
Result<std::optional<VolumeInfo>> probe_optical(const io::BlockSource& volume);

}  // namespace drydock::fs
