#include "fs/reiserfs_journal.h"

#include <algorithm>

#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::string_view kMagic = "ReIsErLB";
constexpr std::size_t kMagicFromEnd = 12;  // of a transaction's first block and of its last one

}  // namespace

Result<bool> reiser_journal_is_dirty(const io::BlockSource& volume, const ReiserSuper& super) {
  constexpr std::string_view kName = "the journal";
  const std::size_t block = super.block_bytes;
  const Extent journal = super.journal();
  const auto header = TRY(naming(io::read_bytes(volume, journal.end() - block, block), kName));
  const ByteReader h(header);
  const std::uint32_t in_place = h.le32(0);
  // Of a journal that is not where it usually is, the header repeats what the superblock says.
  if (super.moved_journal && h.le32(28) != super.journal_magic)
    return fail(doubt("its journal is one of another volume"));

  std::vector<std::byte> piece(kMiB);
  const std::uint64_t end = journal.end() - block;
  for (std::uint64_t at = journal.offset; at < end; at += piece.size()) {
    const MutableBytes bytes = MutableBytes(piece).first(std::min<std::uint64_t>(kMiB, end - at));
    TRY(naming(volume.read_at(at, bytes), kName));
    for (std::size_t i = 0; i < bytes.size(); i += block) {
      const ByteReader f(Bytes(bytes).subspan(i, block));
      if (f.equals(block - kMagicFromEnd, kMagic) && f.le32(0) > in_place) return true;
    }
  }
  return false;
}

}  // namespace drydock::fs
