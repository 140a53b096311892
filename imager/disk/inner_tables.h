#pragma once

#include "base/result.h"
#include "core/layout.h"
#include "io/block_source.h"

namespace drydock::disk {

// Marks the partitions that are divided further, by a table that Drydock does not read: such a
// partition is kept whole, because what stands at its start speaks for a part of it only.
// - A BSD disklabel in the second sector of the partition (<sys/disklabel.h> of the BSDs on x86).
// - A dynamic disk of Windows, whose database is at the end of the disk; told by the type.
// An Error only when the disk no longer answers.
Result<void> mark_divided(const io::BlockSource& disk, Layout& layout);

}  // namespace drydock::disk
