#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "fs/files.h"
#include "io/block_source.h"

namespace drydock::fs {

// exFAT 1.x (Microsoft exFAT specification, 2019).
Result<std::optional<VolumeInfo>> probe_exfat(const io::BlockSource& volume);

// Everything in front of the cluster heap (both boot regions, the FAT), the clusters that the
// allocation bitmap calls used, and what lies behind the heap. Every cluster of every file and
// folder must be among them.
Result<ExtentMap> used_exfat(const io::BlockSource& volume);

// Its files (see Driver::files), also of a volume that was not unmounted or has errors.
Result<void> files_exfat(const io::BlockSource& volume, const VisitFiles& visit);

}  // namespace drydock::fs
