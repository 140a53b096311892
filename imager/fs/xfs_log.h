#pragma once

#include "fs/xfs_super.h"

namespace drydock::fs {

struct XfsLogState {
  bool clean = false;
  std::uint64_t lsn = 0;  // of the last record of a clean log
};

// Whether the log of a checked superblock ends with the record of an unmount, so that nothing in it
// must be replayed ("Journaling Log"). In doubt it does not: a log of zeros, one whose end is torn,
// one of another filesystem. An Error only when it cannot be read.
Result<XfsLogState> read_xfs_log(const io::BlockSource& volume, const XfsSuper& super);

}  // namespace drydock::fs
