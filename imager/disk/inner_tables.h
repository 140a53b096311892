#pragma once

#include "base/result.h"
#include "core/layout.h"
#include "io/block_source.h"

namespace drydock::disk {

// Looks into partitions that are divided further.
// - By a BSD disklabel (disk/bsd_label.h): what it divides a partition of the boot record into
//   stands in the partition's place, numbered behind all others as Linux does. What is in none of
//   the parts is kept as a gap.
// - By a table that Drydock does not read or that contradicts itself, or as a dynamic disk of
//   Windows, whose database is at the end of the disk (told by the type): such a partition is kept
//   whole, because what stands at its start speaks for a part of it only.
// An Error only when the disk no longer answers.
Result<void> read_divided(const io::BlockSource& disk, Layout& layout);

}  // namespace drydock::disk
