#include "fs/jfs_super.h"

#include <format>

#include "base/checked.h"
#include "base/text.h"
#include "fs/read.h"
#include "fs/trust.h"

namespace drydock::fs {
namespace {

// "jfs_filsys.h": names in Unicode, what to do about errors, quotas, group and lazy commit, the log
// inside, sparse files, DASD limits, the index of folders, Linux, OS/2. Unknown stay: no integrity,
// a log being moved, a bad copy of the inodes, other byte orders, DFS and AIX.
constexpr std::uint32_t kKnownFlags = 0x502E0B3F;

Result<void> inside(const JfsBlocks& run, std::uint64_t first, std::uint64_t blocks,
                    std::string_view what) {
  if (run.count != 0 && run.first >= first && run.end() <= blocks) return {};
  return fail(doubt(std::format("its {} is not where it should be", what)));
}

}  // namespace

JfsBlocks jfs_blocks(const ByteReader& fields, std::size_t at) {
  const std::uint32_t low = fields.le32(at);
  return {std::uint64_t{low >> 24} << 32 | fields.le32(at + 4), low & 0xFFFFFF};
}

Result<std::optional<JfsSuper>> JfsSuper::read(const io::BlockSource& volume,
                                               std::uint64_t offset) {
  const auto bytes = TRY(naming(read_padded(volume, offset, 512), "the JFS superblock"));
  const ByteReader f(bytes);
  if (!f.equals(0, "JFS1")) return std::nullopt;
  JfsSuper super;
  super.version = f.le32(4);
  super.sectors = f.le64(8);
  super.block_bytes = f.le32(16);
  super.sector_bytes = f.le32(24);
  super.group_blocks = f.le32(32);
  super.flags = f.le32(36);
  super.state = f.le32(40);
  super.compression = f.le32(44);
  super.inodes_copy = jfs_blocks(f, 48);
  super.inode_map_copy = jfs_blocks(f, 56);
  super.log = jfs_blocks(f, 72);
  super.workspace = jfs_blocks(f, 80);
  const Bytes id = f.bytes(136, 16);
  if (!all_zero(id)) super.uuid = uuid_text(id);
  super.label = printable(f.text(152, 16));
  return super;
}

Result<void> JfsSuper::check(std::uint64_t volume_bytes) const {
  if (version != 1 && version != 2)
    return fail(doubt(std::format("its version {} is unknown", version)));
  TRY(only_known(flags, kKnownFlags, "flags"));
  if (compression != 0) return fail(doubt("its files are compressed"));
  if (block_bytes != kBlock)
    return fail(
        doubt(std::format("its blocks have {} bytes, which Drydock does not know", block_bytes)));
  if ((flags & kInlineLog) == 0) return fail(doubt("its log is on another device"));
  const auto bytes = checked_mul<std::uint64_t>(sectors, sector_bytes);
  if (!bytes || *bytes / kBlock != blocks() || blocks() < kEnd / kBlock)
    return fail(doubt(std::format("its {} sectors of {} bytes do not end at its workspace", sectors,
                                  sector_bytes)));
  const std::uint64_t have = volume_bytes / kBlock;
  TRY(must_fit(workspace.end(), "blocks", kBlock, volume_bytes));
  TRY(inside(log, workspace.end(), have, "log"));
  TRY(inside(inodes_copy, 0, blocks(), "second inode table"));
  return inside(inode_map_copy, 0, blocks(), "second inode map");
}

Result<void> JfsSuper::check_state() const {
  if (state == kClean) return {};
  if (state == kMounted) return fail(doubt("it was not unmounted cleanly"));
  if (state == kGrowing) return fail(doubt("it was being enlarged"));
  return fail(doubt(std::format("it is marked for a check by fsck (state {})", state)));
}

Result<void> JfsSuper::check_copy(const io::BlockSource& volume) const {
  const auto copy = TRY(read(volume, kCopy));
  if (copy && copy->sectors == sectors && copy->sector_bytes == sector_bytes &&
      copy->block_bytes == block_bytes && copy->group_blocks == group_blocks && copy->log == log &&
      copy->workspace == workspace && copy->inodes_copy == inodes_copy &&
      copy->inode_map_copy == inode_map_copy)
    return {};
  return fail(doubt("its two superblocks differ"));
}

Result<void> JfsSuper::check_log(const io::BlockSource& volume) const {
  const auto bytes =
      TRY(naming(io::read_bytes(volume, (log.first + 1) * kBlock, 512), "the log's superblock"));
  const ByteReader f(bytes);
  if (f.le32(0) != 0x87654321 || f.le32(4) != 1) return fail(doubt("its log is damaged"));
  constexpr std::uint32_t kReplayed = 1;
  if (f.le32(28) == kReplayed) return {};
  return fail(doubt("its log must be replayed"));
}

}  // namespace drydock::fs
