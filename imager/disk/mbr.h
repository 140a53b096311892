#pragma once

#include "base/result.h"
#include "core/layout.h"
#include "disk/boot_record.h"
#include "io/block_source.h"

namespace drydock::disk {

// The partitions of a master boot record and of the extended partitions in it. `record` is the
// disk's first sector; `sector` the bytes of the sectors that it counts in.
//
// Logical partitions stand in a chain of extended boot records: each describes one partition,
// counted from its own sector, and the next record, counted from the start of the extended
// partition. They are numbered as Linux does, from 5 in the order of the chain. A chain that breaks
// off gives a note (what it led to is kept as a gap); one that runs in a circle is an Error.
Result<Layout> mbr_layout(const io::BlockSource& disk, const BootRecord& record,
                          std::uint32_t sector);

}  // namespace drydock::disk
