#include "fs/ext_replay.h"

#include <algorithm>

#include "fs/ext_journal.h"

namespace drydock::fs {

Result<void> ReplayedSource::read_at(std::uint64_t offset, MutableBytes into) const {
  TRY(io::check_range(*this, offset, into.size()));
  auto next = std::ranges::lower_bound(blocks_, offset / block_bytes_, {}, &JournalledBlock::block);
  while (!into.empty()) {
    // Up to the next block that stands in the journal, then that block.
    const std::uint64_t start =
        next == blocks_.end() ? volume_.geometry().bytes : next->block * block_bytes_;
    if (offset < start) {
      const MutableBytes piece = into.first(std::min<std::uint64_t>(into.size(), start - offset));
      TRY(volume_.read_at(offset, piece));
      into = into.subspan(piece.size());
      offset += piece.size();
      continue;
    }
    const std::uint64_t left = start + block_bytes_ - offset;
    const MutableBytes piece = into.first(std::min<std::uint64_t>(into.size(), left));
    TRY(read_copy(*next, offset - start, piece));
    into = into.subspan(piece.size());
    offset += piece.size();
    ++next;
  }
  return {};
}

Result<void> ReplayedSource::read_copy(const JournalledBlock& from, std::uint64_t offset,
                                       MutableBytes into) const {
  TRY(volume_.read_at(from.copy * block_bytes_ + offset, into));
  if (!from.escaped) return {};
  for (std::uint64_t i = offset; i < kJournalMagic.size() && i - offset < into.size(); ++i)
    into[i - offset] = kJournalMagic[i];
  return {};
}

}  // namespace drydock::fs
