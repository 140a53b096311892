#include "fs/f2fs_checkpoint.h"

#include <algorithm>
#include <format>

#include "base/hash.h"
#include "fs/read.h"
#include "fs/trust.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kBitmapsAt = 192;
constexpr std::size_t kLastChecksumAt = kF2fsBlock - 4;

// Summaries of 512 blocks, a journal, a footer of 5 bytes.
constexpr std::size_t kJournalAt = std::size_t{7} * 512;
constexpr std::size_t kJournalBytes = kF2fsBlock - kJournalAt - 5;

std::optional<std::uint32_t> checksum_of(Bytes block) {
  const ByteReader f(block);
  const std::size_t at = f.le32(164);
  if (at < kBitmapsAt || at > kLastChecksumAt) return std::nullopt;
  std::uint32_t crc = f2fs_checksum(block.first(at));
  if (at < kLastChecksumAt) crc = crc32_raw(crc, block.subspan(at + 4));
  if (crc != f.le32(at)) return std::nullopt;
  return crc;
}

// The first block with its payload. Both its first and its last block must be right and of one
// version.
Result<std::vector<std::byte>> read_pack(const io::BlockSource& volume, const F2fsSuper& super,
                                         std::uint64_t start) {
  auto head =
      TRY(naming(io::read_bytes(volume, start * kF2fsBlock, (1 + super.payload) * kF2fsBlock),
                 "a checkpoint"));
  const Error damaged = doubt("one of its two checkpoints is damaged or was not finished");
  const std::uint64_t total = ByteReader(head).le32(136);
  if (!checksum_of(Bytes(head).first(kF2fsBlock)) || total < super.payload + 2 ||
      total > kF2fsSegment)
    return fail(damaged);
  const auto tail = TRY(naming(io::read_bytes(volume, (start + total - 1) * kF2fsBlock, kF2fsBlock),
                               "the end of a checkpoint"));
  if (!checksum_of(tail) || ByteReader(tail).le64(0) != ByteReader(head).le64(0))
    return fail(damaged);
  return head;
}

F2fsCheckpoint decode(Bytes head, std::uint64_t start) {
  const ByteReader f(head);
  F2fsCheckpoint checkpoint;
  checkpoint.version = f.le64(0);
  checkpoint.checksum = f.le32(f.le32(164));
  checkpoint.flags = f.le32(132);
  checkpoint.valid_blocks = f.le64(16);
  checkpoint.valid_nodes = f.le32(144);
  checkpoint.valid_inodes = f.le32(148);
  checkpoint.start = start;
  checkpoint.total_blocks = f.le32(136);
  checkpoint.summary_start = f.le32(140);
  for (std::size_t i = 0; i < 3; ++i) {
    checkpoint.logs[i] = {f.le32(84 + i * 4), f.le16(116 + i * 2)};
    checkpoint.logs[3 + i] = {f.le32(36 + i * 4), f.le16(68 + i * 2)};
  }
  return checkpoint;
}

// A count and that many entries, each a number and what is to stand for it in its table.
template <std::size_t kEntry>
Result<std::map<std::uint32_t, std::array<std::byte, kEntry>>> read_journal(Bytes journal) {
  const ByteReader f(journal);
  const std::size_t count = f.le16(0);
  if (count > (kJournalBytes - 2) / (4 + kEntry))
    return fail(doubt("a journal in its checkpoint is damaged"));
  std::map<std::uint32_t, std::array<std::byte, kEntry>> entries;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = 2 + i * (4 + kEntry);
    std::ranges::copy(f.bytes(at + 4, kEntry), entries[f.le32(at)].begin());
  }
  return entries;
}

}  // namespace

Result<F2fsCheckpoint> F2fsCheckpoint::read(const io::BlockSource& volume, const F2fsSuper& super) {
  const std::array<std::uint64_t, 2> starts{super.checkpoints, super.checkpoints + kF2fsSegment};
  const auto first = TRY(read_pack(volume, super, starts[0]));
  const auto second = TRY(read_pack(volume, super, starts[1]));
  // Versions may wrap around.
  const std::uint64_t ahead = ByteReader(second).le64(0) - ByteReader(first).le64(0);
  const bool second_is_newer = ahead != 0 && ahead < std::uint64_t{1} << 63;
  const Bytes head = second_is_newer ? second : first;
  F2fsCheckpoint checkpoint = decode(head, starts[second_is_newer ? 1 : 0]);
  TRY(checkpoint.take_bitmaps(super, head));
  TRY(checkpoint.read_journals(volume));
  return checkpoint;
}

Result<void> F2fsCheckpoint::check(const F2fsSuper& super) const {
  if (has(kError) || has(kNeedsFsck)) return fail(doubt("it is marked as needing fsck.f2fs"));
  // Of those without a name here: orphans present, bits of empty NAT blocks, trimmed. Not known:
  // checkpoints switched off, a resize under way.
  TRY(only_known(flags, 0xFE7, "checkpoint flags"));
  // A read-only volume has two logs only, and nothing is ever written to them.
  if (super.has(F2fsSuper::kReadOnly)) return {};
  for (const Log& log : logs)
    if (log.segment >= super.main_segments || log.offset >= kF2fsSegment)
      return fail(doubt("a log of its checkpoint lies outside its main area"));
  return {};
}

Result<void> F2fsCheckpoint::take_bitmaps(const F2fsSuper& super, Bytes head) {
  const ByteReader f(head);
  const std::size_t sit_bytes = f.le32(156);
  const std::size_t nat_bytes = f.le32(160);
  std::size_t sit_at = kBitmapsAt;
  std::size_t nat_at = kBitmapsAt;
  std::size_t limit = kLastChecksumAt;
  if (has(kLargeNatBitmap)) {
    if (f.le32(164) != kBitmapsAt)
      return fail(doubt("its node bitmap is of a layout that is no longer used"));
    nat_at += 4;
    sit_at = nat_at + nat_bytes;
    limit = head.size();
  } else if (super.payload != 0) {
    sit_at = kF2fsBlock;
  } else {
    nat_at += sit_bytes;
  }
  const bool right = sit_bytes == super.sit_blocks() / 8 && nat_bytes == super.nat_blocks() / 8 &&
                     nat_at + nat_bytes <= limit &&
                     sit_at + sit_bytes <= (super.payload != 0 ? head.size() : limit);
  if (!right) return fail(doubt("the bitmaps of its checkpoint are of the wrong size"));
  const Bytes sit = f.bytes(sit_at, sit_bytes);
  const Bytes nat = f.bytes(nat_at, nat_bytes);
  sit_versions.assign(sit.begin(), sit.end());
  nat_versions.assign(nat.begin(), nat.end());
  return {};
}

// In the summaries of the log of hot data the NAT's, of cold data the SIT's; or, where all
// summaries stand close together, at the start of those.
Result<void> F2fsCheckpoint::read_journals(const io::BlockSource& volume) {
  const auto block = [&](std::uint64_t number) -> Result<std::vector<std::byte>> {
    if (number >= total_blocks) return fail(doubt("its checkpoint contradicts itself"));
    return naming(io::read_bytes(volume, (start + number) * kF2fsBlock, kF2fsBlock),
                  "the journal of a checkpoint");
  };
  if (has(kCompactSummaries)) {
    const auto both = TRY(block(summary_start));
    nat_journal = TRY(read_journal<kNatEntry>(Bytes(both).first(kJournalBytes)));
    sit_journal = TRY(read_journal<kSitEntry>(Bytes(both).subspan(kJournalBytes, kJournalBytes)));
    return {};
  }
  // Summaries of three or of all six logs end in front of the last block.
  const std::uint64_t back = has(kUnmounted) || has(kFastboot) ? 7 : 4;
  if (total_blocks < back) return fail(doubt("its checkpoint contradicts itself"));
  const auto hot = TRY(block(total_blocks - back));
  const auto cold = TRY(block(total_blocks - back + 2));
  nat_journal = TRY(read_journal<kNatEntry>(Bytes(hot).subspan(kJournalAt, kJournalBytes)));
  sit_journal = TRY(read_journal<kSitEntry>(Bytes(cold).subspan(kJournalAt, kJournalBytes)));
  return {};
}

}  // namespace drydock::fs
