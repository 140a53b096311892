#include "fs/xfs_super.h"

#include <bit>
#include <format>

#include "base/hash.h"
#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"
#include "fs/trust.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kCore = 264;  // what is decoded
constexpr std::size_t kChecksumAt = 224;

// All bits of version 4 but "shared", which nobody understands.
constexpr std::uint32_t kKnownVersionBits = 0xFDFF;
constexpr std::uint32_t kKnownFeatures2 = 0x2 |    // lazy counters
                                          0x8 |    // attr2
                                          0x80 |   // 32-bit project numbers
                                          0x100 |  // checksums: version 5
                                          0x200;   // file types in folders
constexpr std::uint32_t kKnownRoCompat = 0x1 |     // finobt
                                         0x2 |     // rmapbt
                                         0x4 |     // reflink
                                         0x8;      // inobtcount
constexpr std::uint32_t kKnownIncompat = 0x1 |     // file types in folders
                                         0x2 |     // sparse inodes
                                         0x4 |     // metadata's own UUID
                                         0x8 |     // bigtime
                                         0x20 |    // nrext64
                                         0x40 |    // exchange range: log and system calls only
                                         0x80;     // parent pointers: more attributes
constexpr std::uint32_t kKnownLogIncompat = 0x1;   // logged attributes; moot in a clean log

std::unexpected<Error> damaged(std::string_view what) {
  return fail(doubt(std::format("its superblock is damaged ({})", what)));
}

std::vector<std::byte> copy(Bytes bytes) {
  return {bytes.begin(), bytes.end()};
}

}  // namespace

std::optional<XfsSuper> XfsSuper::decode(Bytes bytes) {
  const ByteReader f(bytes);
  if (f.size() < kCore || !f.equals(0, "XFSB")) return std::nullopt;
  XfsSuper s;
  s.block_bytes = f.be32(4);
  s.blocks = f.be64(8);
  s.realtime_blocks = f.be64(16);
  s.log_start = f.be64(48);
  s.root = f.be64(56);
  s.group_blocks = f.be32(84);
  s.groups = f.be32(88);
  s.log_blocks = f.be32(96);
  s.version_bits = f.be16(100);
  s.sector_bytes = f.be16(102);
  s.inode_bytes = f.be16(104);
  s.inodes_per_block = f.be16(106);
  s.block_shift = f.u8(120);
  s.sector_shift = f.u8(121);
  s.inode_shift = f.u8(122);
  s.group_shift = f.u8(124);
  s.in_progress = f.u8(126);
  s.folder_shift = f.u8(192);
  s.inodes = f.be64(128);
  s.free_blocks = f.be64(144);
  // Where kernels without padding of the structure wrote them by mistake counts, too.
  if ((s.version_bits & kMoreBits) != 0) s.features2 = f.be32(200) | f.be32(204);
  s.label = printable(f.text(108, 12));
  s.uuid = uuid_text(f.bytes(32, 16));
  s.raw_uuid = copy(f.bytes(32, 16));
  s.meta_uuid = s.raw_uuid;
  if (!s.is_v5()) return s;
  s.compat = f.be32(208);
  s.ro_compat = f.be32(212);
  s.incompat = f.be32(216);
  s.log_incompat = f.be32(220);
  s.lsn = xfs_lsn(f.be64(240));
  if (s.has(kMetaUuid)) s.meta_uuid = copy(f.bytes(248, 16));
  return s;
}

Result<std::optional<XfsSuper>> XfsSuper::read(const io::BlockSource& volume) {
  return decode(TRY(naming(read_padded(volume, 0, 512), "the XFS superblock")));
}

Result<void> XfsSuper::check(const io::BlockSource& volume) const {
  TRY(check_flags());
  TRY(check_numbers(volume.geometry().bytes));
  TRY(check_log());
  if (!is_v5()) return {};
  const auto sector = TRY(naming(read_padded(volume, 0, sector_bytes), "the XFS superblock"));
  if (!xfs_checksum_matches(sector, kChecksumAt)) return damaged("checksum");
  return {};
}

Result<void> XfsSuper::check_flags() const {
  if (version() != 4 && version() != 5)
    return fail(doubt(std::format("its version {} is unknown", version())));
  if (in_progress != 0) return fail(doubt("it was never finished by mkfs"));
  TRY(only_known(version_bits, kKnownVersionBits, "version features"));
  TRY(only_known(features2, kKnownFeatures2, "version features"));
  if ((version_bits & kDirV2) == 0) return fail(doubt("its folders are of a forgotten version"));
  if (has(kNeedsRepair)) return fail(doubt("it is marked as in need of xfs_repair"));
  TRY(only_known(incompat, kKnownIncompat, "incompatible features"));
  TRY(only_known(ro_compat, kKnownRoCompat, "read-only compatible features"));
  TRY(only_known(compat, 0, "compatible features"));
  return only_known(log_incompat, kKnownLogIncompat, "log features");
}

Result<void> XfsSuper::check_numbers(std::uint64_t volume_bytes) const {
  if (block_shift < 9 || block_shift > 16 || block_bytes != 1u << block_shift)
    return damaged("block size");
  if (sector_shift < 9 || sector_shift > 15 || sector_bytes != 1u << sector_shift ||
      sector_bytes > block_bytes)
    return damaged("sector size");
  if (inode_shift < 8 || inode_shift > 11 || inode_bytes != 1u << inode_shift ||
      inode_bytes > block_bytes || inodes_per_block != block_bytes / inode_bytes)
    return damaged("inode size");
  if (is_v5() && (inode_bytes < 512 || block_bytes < 1024)) return damaged("inode size");
  if (group_blocks < 64 || group_blocks > kTiB / block_bytes ||
      group_shift != std::bit_width(group_blocks - 1))
    return damaged("group size");
  const std::uint64_t most = std::uint64_t{groups} * group_blocks;
  if (groups == 0 || blocks > most || blocks <= most - group_blocks)
    return damaged("number of groups");
  // Its headers, at most four blocks, and the roots of its trees.
  if (blocks_in(groups - 1) < 8) return damaged("last group");
  TRY(must_fit(blocks, "blocks", block_bytes, volume_bytes));
  if (free_blocks > blocks) return damaged("free block count");
  return {};
}

Result<void> XfsSuper::check_log() const {
  if (log_start == 0)
    return fail(
        doubt("its log is on another device, so it cannot be told whether it must be replayed"));
  if (log_blocks == 0 || !run(log_start, log_blocks) ||
      (std::uint64_t{log_blocks} << block_shift) > 2 * kGiB)
    return damaged("log");
  return {};
}

std::uint32_t XfsSuper::blocks_in(std::uint32_t group) const {
  const std::uint64_t before = std::uint64_t{group} * group_blocks;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(group_blocks, blocks - before));
}

std::optional<Extent> XfsSuper::run(std::uint64_t first, std::uint64_t count) const {
  const std::uint64_t group = first >> group_shift;
  const std::uint64_t block = first & ((std::uint64_t{1} << group_shift) - 1);
  if (group >= groups) return std::nullopt;
  const auto number = static_cast<std::uint32_t>(group);
  const std::uint64_t length = blocks_in(number);
  if (count == 0 || block >= length || count > length - block) return std::nullopt;
  return Extent{offset_of(number, block), count << block_shift};
}

std::uint64_t xfs_lsn(std::uint64_t field) {
  return field == UINT64_MAX ? 0 : field;
}

bool xfs_checksum_matches(Bytes bytes, std::size_t at) {
  return ~crc32c_without(~0u, bytes, at, 4) == load_le<std::uint32_t>(bytes.data() + at);
}

}  // namespace drydock::fs
