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

// Of the first of its logical volumes on which one is installed; empty when there is none.
Result<std::string> system_lvm2(const io::BlockSource& volume);

}  // namespace drydock::fs
