#pragma once

#include <optional>

#include "base/result.h"
#include "core/volume.h"
#include "fs/driver.h"
#include "io/block_source.h"

namespace drydock::fs {

// Physical volumes of LVM2: label and group, as far as the metadata tell.
Result<std::optional<VolumeInfo>> probe_lvm2(const io::BlockSource& volume);

// Label, metadata areas and all outside the extents; the extents of every logical volume: where it
// is plain and lies on this disk alone, what the driver of its content keeps of it, otherwise all.
// Extents of no logical volume are free.
Result<Contents> contents_lvm2(const io::BlockSource& volume);

// Driver::files of what is in its logical volumes, as far as those lie on it alone. The path of
// their roots is "NAME:".
Result<void> files_lvm2(const io::BlockSource& volume, const VisitFiles& visit);

}  // namespace drydock::fs
