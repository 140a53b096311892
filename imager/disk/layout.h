#pragma once

#include "base/result.h"
#include "core/layout.h"
#include "io/block_source.h"

namespace drydock::disk {

// The partition table of a disk. A disk without one gives one partition, number 0, over all of it
// (an error only when the medium cannot be read or a table contradicts itself so that no volume
// can be trusted; the caller then keeps the whole disk). Damage that a backup mends is a note.
Result<Layout> read_layout(const io::BlockSource& disk);

}  // namespace drydock::disk
