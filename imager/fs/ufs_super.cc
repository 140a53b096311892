#include "fs/ufs_super.h"

#include <algorithm>
#include <bit>
#include <format>

#include "base/checked.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kMagicAt = 1372;
constexpr std::size_t kHashAt = 1304;
constexpr std::uint64_t kUfs2Place = 64 * kKiB;

// unclean, soft updates, needs fsck, soft updates journal, ACLs, MAC labels, gjournal, flags moved;
// FreeBSD: NFSv4 ACLs, check hashes, TRIM; NetBSD uses those three for its journal and its quota.
constexpr std::uint32_t kKnownFlags = 0x7FF;
constexpr std::uint32_t kKnownHashes = 0x7;

bool outside(std::uint64_t value, std::uint64_t least, std::uint64_t most) {
  return value < least || value > most;
}

}  // namespace

Result<std::optional<UfsSuper>> UfsSuper::find(const io::BlockSource& volume) {
  for (const std::uint64_t at : {kUfs2Place, 8 * kKiB, std::uint64_t{0}, 256 * kKiB}) {
    auto bytes = TRY(naming(read_padded(volume, at, kBytes), "the UFS superblock"));
    auto super = decode(std::move(bytes), at);
    if (super) return super;
  }
  return std::nullopt;
}

std::optional<UfsSuper> UfsSuper::decode(std::vector<std::byte> bytes, std::uint64_t offset) {
  UfsSuper super;
  const ByteReader f(bytes);
  const auto is_magic = [](std::uint32_t value) { return value == kMagic1 || value == kMagic2; };
  super.big_endian = is_magic(f.be32(kMagicAt));
  if (!super.big_endian && !is_magic(f.le32(kMagicAt))) return std::nullopt;
  super.raw = std::move(bytes);
  super.offset = offset;
  const UfsFields fields = super.fields(super.raw);
  super.ufs2 = fields.u32(kMagicAt) == kMagic2;
  // In a UFS1 with blocks of 64 KiB the first copy stands where UFS2 has the original, and a UFS2
  // says where its original is.
  if (!super.ufs2 && offset == kUfs2Place) return std::nullopt;
  if (super.ufs2 && fields.u64(1000) != offset) return std::nullopt;
  super.decode_sizes();
  super.decode_rest();
  return super;
}

void UfsSuper::decode_sizes() {
  const UfsFields f = fields(raw);
  super_at = f.u32(8);
  header_at = f.u32(12);
  inodes_at = f.u32(16);
  data_at = f.u32(20);
  group_shift = f.u32(24);
  group_mask = f.u32(28);
  groups = f.u32(44);
  block_bytes = f.u32(48);
  fragment_bytes = f.u32(52);
  block_fragments = f.u32(56);
  counts_bytes = f.u32(156);
  group_bytes = f.u32(160);
  group_inodes = f.u32(184);
  group_fragments = f.u32(188);
  size = ufs2 ? f.u64(1080) : f.u32(36);
  counts_at = ufs2 ? f.u64(1096) : f.u32(152);
  if (ufs2)
    counts = {f.u64(1008), f.u64(1016), f.u64(1024), f.u64(1032)};
  else
    counts = {f.u32(192), f.u32(196), f.u32(200), f.u32(204)};
}

void UfsSuper::decode_rest() {
  const UfsFields f = fields(raw);
  // NetBSD counts 2 here while a volume is mounted that was clean before.
  clean = f.u8(209) == 1;
  const std::uint32_t old_flags = f.u8(211);
  flags = (old_flags & kFlagsMoved) != 0 ? f.u32(1312) : old_flags;
  if (ufs2) flags |= f.u32(1312);
  check_hashes = f.u32(1308);
  short_link = f.u32(1320);
  id = std::format("{:08x}{:08x}", f.u32(144), f.u32(148));
  if (ufs2) label = printable(f.raw().text(680, 32));
}

Result<void> UfsSuper::check(std::uint64_t volume_bytes) const {
  const UfsFields f = fields(raw);
  if ((flags & ~kKnownFlags) != 0)
    return fail(doubt(
        std::format("it has flags that Drydock does not know ({:#x})", flags & ~kKnownFlags)));
  if ((flags & kCheckHashes) != 0 && (check_hashes & ~kKnownHashes) != 0)
    return fail(doubt(std::format("it has check hashes that Drydock does not know ({:#x})",
                                  check_hashes & ~kKnownHashes)));
  // Older ones, and those of Sun and others, have other structures behind the same magic number.
  if (!ufs2 && (f.u32(1324) != 2 || f.u32(1356) != 1))
    return fail(doubt("it is a UFS1 of another kind than the BSDs make"));
  TRY(check_hash());
  TRY(check_numbers(volume_bytes));
  return check_groups();
}

Result<void> UfsSuper::check_numbers(std::uint64_t volume_bytes) const {
  if (!std::has_single_bit(block_bytes) || outside(block_bytes, 4096, 65536) ||
      !std::has_single_bit(fragment_bytes) || outside(fragment_bytes, 512, block_bytes) ||
      block_fragments != block_bytes / fragment_bytes || block_fragments > 8)
    return fail(doubt(std::format("it says that it has blocks of {} bytes in fragments of {}",
                                  block_bytes, fragment_bytes)));
  const auto bytes = checked_mul<std::uint64_t>(size, fragment_bytes);
  if (size == 0 || !bytes || *bytes > volume_bytes)
    return fail(
        doubt(std::format("it says that it has {} fragments of {} bytes, more than the "
                          "volume of {} bytes can hold",
                          size, fragment_bytes, volume_bytes)));
  return {};
}

Result<void> UfsSuper::check_groups() const {
  const std::uint64_t inode_fragments =
      div_ceil<std::uint64_t>(std::uint64_t{group_inodes} * inode_bytes(), fragment_bytes);
  const std::uint64_t super_end = super_at + div_ceil<std::uint64_t>(kBytes, fragment_bytes);
  const std::uint64_t header_end = header_at + div_ceil<std::uint64_t>(group_bytes, fragment_bytes);
  const bool sizes_fit = group_fragments != 0 && group_fragments % block_fragments == 0 &&
                         group_inodes != 0 && group_inodes % (block_bytes / inode_bytes()) == 0 &&
                         !outside(group_bytes, 168, block_bytes);
  const bool order_fits = super_end <= header_at && header_end <= inodes_at &&
                          inodes_at + inode_fragments == data_at && data_at <= group_fragments;
  if (!sizes_fit || !order_fits || div_ceil<std::uint64_t>(size, group_fragments) != groups)
    return fail(doubt("the sizes of its cylinder groups contradict each other"));
  const std::uint64_t last = groups - 1;
  for (const std::uint64_t group : {std::uint64_t{0}, last}) {
    const auto number = static_cast<std::uint32_t>(group);
    const std::uint64_t shift = group_start(number) - group_base(number);
    if (shift + data_at > fragments_in(number))
      return fail(doubt(std::format("cylinder group {} does not hold its own metadata", number)));
  }
  const std::uint64_t table = std::uint64_t{groups} * 16;
  const std::uint64_t table_fragments = div_ceil<std::uint64_t>(counts_bytes, fragment_bytes);
  if (counts_bytes < table || counts_bytes > round_up<std::uint64_t>(table, block_bytes) ||
      counts_at >= size || table_fragments > size - counts_at)
    return fail(doubt("the table of its cylinder groups' counts does not fit"));
  return {};
}

Result<void> UfsSuper::check_hash() const {
  if ((flags & kCheckHashes) == 0 || (check_hashes & kHashSuper) == 0) return {};
  const std::uint32_t length = fields(raw).u32(104);
  if (outside(length, kMagicAt + 4, kBytes))
    return fail(doubt(std::format("its superblock says to be {} bytes long", length)));
  if (crc32c_without(0xFFFFFFFF, Bytes(raw).first(length), kHashAt, 4) != fields(raw).u32(kHashAt))
    return fail(doubt("its superblock is damaged (check hash)"));
  return {};
}

Result<void> UfsSuper::check_state() const {
  const UfsFields f = fields(raw);
  // With soft updates what is marked free after a crash may only be on its way to be used.
  if (!clean || (flags & kUnclean) != 0)
    return fail(doubt("it was not unmounted cleanly, so its free maps may be out of date"));
  if ((flags & kNeedsCheck) != 0) return fail(doubt("it is marked to be checked by fsck"));
  if ((flags & kGJournal) != 0)
    return fail(doubt("it is kept by gjournal, whose journal may hold newer free maps"));
  if (ufs2 && (f.u64(1104) != 0 || f.u32(1112) != 0))
    return fail(doubt(std::format("{} blocks and {} inodes of it are still being freed",
                                  f.u64(1104), f.u32(1112))));
  if (ufs2 && f.u32(1216) != 0)
    return fail(doubt("its soft-updates journal holds deleted files that are still in use"));
  for (std::size_t i = 0; ufs2 && i < 20; ++i)
    if (f.u32(1116 + i * 4) != 0) return fail(doubt("it has snapshots"));
  return {};
}

std::uint32_t UfsSuper::fragments_in(std::uint32_t group) const {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(group_fragments, size - group_base(group)));
}

bool UfsSuper::has_group_hashes() const {
  return (flags & kCheckHashes) != 0 && (check_hashes & kHashGroups) != 0;
}

}  // namespace drydock::fs
