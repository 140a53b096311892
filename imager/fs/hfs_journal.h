#pragma once

#include <optional>

#include "fs/hfs_header.h"
#include "io/block_source.h"

namespace drydock::fs {

// The journal of an HFS Plus volume (TN1150, "Journal").
struct HfsJournal {
  bool outside = false;      // on another device
  bool empty = false;        // nothing in it waits to be replayed
  std::optional<Extent> at;  // its bytes, unless outside

  // Of a volume that has one. Fails when it cannot be read or makes no sense.
  static Result<HfsJournal> read(const io::BlockSource& volume, const HfsHeader& header);
};

}  // namespace drydock::fs
