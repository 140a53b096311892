#include "fs/hfs_journal.h"

#include <algorithm>
#include <format>

#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::uint32_t kInFilesystem = 1;
constexpr std::uint32_t kOnOtherDevice = 2;
constexpr std::uint32_t kNeedsInit = 4;

constexpr std::size_t kInfoBytes = 52;
constexpr std::size_t kHeaderBytes = 44;
constexpr std::size_t kChecksumAt = 36;

struct Header {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint64_t size = 0;
  std::uint32_t checksum = 0;
};

// The journal is written in the byte order of the machine.
std::optional<Header> decode(const ByteReader& f) {
  constexpr std::uint32_t kMagic = 0x4A4E4C78;  // "JNLx"
  constexpr std::uint32_t kOrder = 0x12345678;
  if (f.be32(0) == kMagic && f.be32(4) == kOrder)
    return Header{f.be64(8), f.be64(16), f.be64(24), f.be32(kChecksumAt)};
  if (f.le32(0) == kMagic && f.le32(4) == kOrder)
    return Header{f.le64(8), f.le64(16), f.le64(24), f.le32(kChecksumAt)};
  return std::nullopt;
}

// TN1150: every byte is shifted in, the field itself counts as zero.
std::uint32_t checksum(Bytes bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool own = i >= kChecksumAt && i < kChecksumAt + 4;
    sum = (sum << 8) ^ (sum + (own ? 0 : std::to_integer<std::uint32_t>(bytes[i])));
  }
  return ~sum;
}

}  // namespace

Result<HfsJournal> HfsJournal::read(const io::BlockSource& volume, const HfsHeader& header) {
  const HfsExtent block{header.journal_info_block, 1};
  if (block.start == 0 || !header.inside(block))
    return fail(doubt("its journal's description lies outside the volume"));
  const auto info = TRY(naming(io::read_bytes(volume, header.bytes_of(block).offset, kInfoBytes),
                               "the journal's description"));
  const ByteReader f(info);
  const std::uint32_t flags = f.be32(0);
  HfsJournal journal;
  journal.outside = (flags & kOnOtherDevice) != 0;
  if (journal.outside) return journal;
  if ((flags & ~kNeedsInit) != kInFilesystem)
    return fail(doubt(std::format("its journal has unknown flags (0x{:x})", flags)));
  const Extent at{f.be64(36), f.be64(44)};
  if (at.offset > header.total_bytes() || at.length > header.total_bytes() - at.offset ||
      at.length < kHeaderBytes)
    return fail(doubt("its journal lies outside the volume"));
  journal.at = at;
  journal.empty = (flags & kNeedsInit) != 0;
  if (journal.empty) return journal;

  const auto bytes =
      TRY(naming(io::read_bytes(volume, at.offset, kHeaderBytes), "the journal's header"));
  const auto found = decode(ByteReader(bytes));
  if (!found || found->checksum != checksum(bytes) || found->size > at.length)
    return fail(doubt("its journal's header is damaged"));
  journal.empty = found->start == found->end;
  return journal;
}

}  // namespace drydock::fs
