#pragma once

#include <array>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "fs/ext_replay.h"
#include "fs/ext_super.h"

namespace drydock::fs {

// Begins every block of a journal that is no copy of another.
inline constexpr std::array<std::byte, 4> kJournalMagic{std::byte{0xC0}, std::byte{0x3B},
                                                        std::byte{0x39}, std::byte{0x98}};

// What the journal (jbd2; kernel, Documentation/filesystems/ext4/journal.rst) of a volume would
// write where when it is replayed: the newest copy of each block in the transactions that were
// committed, none that was revoked later. Sorted by block. Fails with the reason when Drydock does
// not know the journal's features, when it lies on another device, has fast commits, is damaged
// anywhere before its end, or has too much in it. `super` has been checked.
Result<std::vector<JournalledBlock>> journalled_blocks(const io::BlockSource& volume,
                                                       const ExtSuper& super);

}  // namespace drydock::fs
