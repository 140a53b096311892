#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::fs {

// UDF (ECMA-167, OSTA UDF) without an ISO 9660 filesystem beside it.
Result<std::optional<VolumeInfo>> probe_udf(const io::BlockSource& volume);

// For volumes that are written in place, as on disks and sticks: UDF 1.02 to 2.01 with one
// partition that is addressed directly. The blocks that the bitmap of unallocated space does not
// call free, and all that is outside the partition. Checked: the integrity descriptor is closed and
// counts the same; and all that the files and folders reached from the root have, up to a bounded
// number of them, is in use.
Result<ExtentMap> used_udf(const io::BlockSource& volume);

}  // namespace drydock::fs
