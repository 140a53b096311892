#include "fs/reiserfs_super.h"

#include <bit>
#include <format>

#include "base/checked.h"
#include "base/text.h"
#include "fs/read.h"
#include "fs/trust.h"

namespace drydock::fs {
namespace {

std::unexpected<Error> damaged(std::string_view what) {
  return fail(doubt(std::format("its superblock is damaged ({})", what)));
}

std::optional<ReiserSuper> decode(Bytes bytes) {
  const ByteReader f(bytes);
  const bool moved = f.equals(52, "ReIsEr3Fs");
  if (!f.equals(52, "ReIsErFs") && !f.equals(52, "ReIsEr2Fs") && !moved) return std::nullopt;
  ReiserSuper s;
  s.moved_journal = moved;
  s.blocks = f.le32(0);
  s.free_blocks = f.le32(4);
  s.root = f.le32(8);
  s.journal_start = f.le32(12);
  s.journal_device = f.le32(16);
  s.journal_blocks = f.le32(20);
  s.journal_magic = f.le32(28);
  s.block_bytes = f.le16(44);
  s.mount_state = f.le16(50);
  s.check_state = f.le16(62);
  s.tree_height = f.le16(68);
  s.bitmaps = f.le16(70);
  // The field is to be believed only with the third magic number; the other two say it themselves.
  s.version = moved ? f.le16(72) : f.equals(52, "ReIsErFs") ? 0 : 2;
  if (s.version == 0) return s;  // of 3.5, the superblock ends here
  s.flags = f.le32(80);
  s.uuid = all_zero(f.bytes(84, 16)) ? "" : uuid_text(f.bytes(84, 16));
  s.label = printable(f.text(100, 16));
  return s;
}

}  // namespace

Result<std::optional<ReiserSuper>> ReiserSuper::read(const io::BlockSource& volume) {
  for (const std::uint64_t at : {kOffset, kOldOffset}) {
    const auto bytes = TRY(naming(read_padded(volume, at, 512), "the ReiserFS superblock"));
    auto super = decode(bytes);
    if (!super) continue;
    super->old_layout = at == kOldOffset;
    return super;
  }
  return std::nullopt;
}

Result<void> ReiserSuper::check(std::uint64_t volume_bytes) const {
  if (old_layout) return fail(doubt("it is of a forgotten layout, older than ReiserFS 3.5.10"));
  if (version != 0 && version != 2)
    return fail(doubt(std::format("its version {} is unknown", version)));
  constexpr std::uint32_t kKnownFlags = 1;  // attributes were cleared
  if ((flags & ~kKnownFlags) != 0)
    return fail(doubt(std::format("it uses flags that Drydock does not know (0x{:x})", flags)));
  if (mount_state != kClean)
    return fail(doubt("it was not unmounted cleanly, so its bitmaps may be out of date"));
  if (check_state != 0) return fail(doubt("it is in need of a check (reiserfsck)"));

  if (!std::has_single_bit(block_bytes) || block_bytes < 512 || block_bytes > 8192)
    return damaged("block size");
  if (blocks == 0 || free_blocks > blocks) return damaged("block count");
  TRY(must_fit(blocks, "blocks", block_bytes, volume_bytes));
  if (blocks <= super_block() + 2) return damaged("block count");
  const std::uint64_t counted = bitmap_count() > 0xFFFF ? 0 : bitmap_count();
  if (bitmaps != counted) return damaged("number of bitmaps");
  constexpr std::uint16_t kMostHeight = 7;
  if (root >= blocks || tree_height < 2 || tree_height > kMostHeight)
    return damaged("root of the tree");
  return check_journal();
}

Result<void> ReiserSuper::check_journal() const {
  if (journal_device != 0)
    return fail(doubt(
        "its journal is on another device, so it cannot be told whether it must be replayed"));
  const std::uint64_t end = std::uint64_t{journal_start} + journal_blocks + 1;
  if (journal_blocks == 0 || journal_start < super_block() + 2 || end > blocks)
    return damaged("journal");
  return {};
}

std::uint64_t ReiserSuper::bitmap_count() const {
  return div_ceil<std::uint64_t>(blocks, blocks_per_bitmap());
}

std::uint64_t ReiserSuper::bitmap_block(std::uint64_t number) const {
  return number == 0 ? super_block() + 1 : number * blocks_per_bitmap();
}

Extent ReiserSuper::journal() const {
  return {offset_of(journal_start), offset_of(std::uint64_t{journal_blocks} + 1)};
}

}  // namespace drydock::fs
