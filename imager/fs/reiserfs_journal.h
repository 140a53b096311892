#pragma once

#include "fs/reiserfs_super.h"

namespace drydock::fs {

// Whether the journal of a checked superblock holds a transaction that is newer than the last one
// that its header says is in place. Reads all of it, as a mount would after a crash.
Result<bool> reiser_journal_is_dirty(const io::BlockSource& volume, const ReiserSuper& super);

}  // namespace drydock::fs
