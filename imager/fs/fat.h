#pragma once

#include <optional>

#include "base/result.h"
#include "core/extent_map.h"
#include "core/volume.h"
#include "fs/files.h"
#include "io/block_source.h"

namespace drydock::fs {

// FAT12, FAT16 and FAT32 (Microsoft FAT specification, 2005).
Result<std::optional<VolumeInfo>> probe_fat(const io::BlockSource& volume);

// Everything in front of the data area (boot sectors and their backups, all FATs, the fixed root
// directory), every cluster whose entry is not free, and what lies behind the last cluster. All
// copies of the FAT must agree, and with FSInfo where that is valid.
Result<ExtentMap> used_fat(const io::BlockSource& volume);

// Its files (see Driver::files), also of a volume that was not unmounted or has errors.
Result<void> files_fat(const io::BlockSource& volume, const VisitFiles& visit);

}  // namespace drydock::fs
