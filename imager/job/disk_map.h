#pragma once

#include "base/result.h"
#include "core/volume.h"
#include "io/block_source.h"

namespace drydock::job {

// Everything on a disk that an image of it must hold: its table, every byte between volumes, and of
// each volume what its filesystem says is in use. A table that cannot be trusted makes the whole
// disk one volume with the reason. `all` keeps every byte of every volume. Fails only when the
// disk cannot be read at all.
Result<DiskMap> map_disk(const io::BlockSource& disk, bool all);

}  // namespace drydock::job
