#include "fs/ext_journal.h"

#include <algorithm>
#include <format>

#include "base/hash.h"
#include "fs/ext_files.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kMost = std::size_t{1} << 20;  // copies, and revoked blocks
constexpr std::size_t kMostPieces = std::size_t{1} << 16;
constexpr std::size_t kHeader = 12;
constexpr std::size_t kUuid = 16;

enum BlockType : std::uint32_t {
  kDescriptor = 1,
  kCommit = 2,
  kSuper1 = 3,
  kSuper2 = 4,
  kRevoke = 5
};
enum Incompat : std::uint32_t {
  kRevokes = 1,
  k64Bit = 2,
  kChecksum2 = 8,
  kChecksum3 = 16,
  kFast = 32
};
enum TagFlag : std::uint16_t { kEscaped = 1, kSameUuid = 2, kLast = 8 };

std::unexpected<Error> damaged(std::string_view what) {
  return fail(doubt(std::format("its journal has not been replayed and is damaged ({})", what)));
}

std::unexpected<Error> unknown(std::string_view what) {
  return fail(
      doubt(std::format("its journal has not been replayed, and Drydock cannot foresee what "
                        "that will do: it {}",
                        what)));
}

// Transactions are numbered in a circle.
bool not_after(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) <= 0;
}

struct JournalSuper {
  std::uint32_t blocks = 0;
  std::uint32_t first = 0;  // block of the log, which is a ring
  std::uint32_t sequence = 0;
  std::uint32_t start = 0;  // 0: nothing to replay
  std::uint32_t incompat = 0;
  std::uint32_t seed = 0;  // of checksums

  bool has(Incompat flag) const { return (incompat & flag) != 0; }
  bool has_checksums() const { return has(kChecksum2) || has(kChecksum3); }
  std::size_t tag_bytes() const {
    if (has(kChecksum3)) return 16;
    return 8 + (has(kChecksum2) ? 2 : 0) + (has(k64Bit) ? 4 : 0);
  }
};

Result<JournalSuper> decode_super(Bytes bytes, std::uint32_t block_bytes) {
  const ByteReader f(bytes);
  const std::uint32_t type = f.be32(4);
  if (!std::ranges::equal(f.bytes(0, 4), kJournalMagic) || (type != kSuper1 && type != kSuper2))
    return damaged("superblock");
  JournalSuper super{.blocks = f.be32(0x10),
                     .first = f.be32(0x14),
                     .sequence = f.be32(0x18),
                     .start = f.be32(0x1C)};
  if (f.be32(0xC) != block_bytes) return damaged("block size");
  if (super.first == 0 || super.first >= super.blocks || super.start >= super.blocks ||
      (super.start != 0 && super.start < super.first))
    return damaged("size");
  if (f.be32(0x20) != 0) return damaged("the system that used it recorded an error");
  if (type == kSuper1) return super;

  super.incompat = f.be32(0x28);
  constexpr std::uint32_t kKnown = kRevokes | k64Bit | kChecksum2 | kChecksum3;
  if (super.has(kFast)) return unknown("has fast commits");
  if (f.be32(0x24) != 0 || (super.incompat & ~kKnown) != 0 || f.be32(0x2C) != 0)
    return unknown(std::format("has unknown features (0x{:x}, 0x{:x}, 0x{:x})", f.be32(0x24),
                               super.incompat, f.be32(0x2C)));
  super.seed = crc32c_raw(~0u, f.bytes(0x30, kUuid));
  if (!super.has_checksums()) return super;
  constexpr std::size_t kSum = 0xFC;
  const std::uint32_t crc = crc32c_without(~0u, bytes.first(1024), kSum, 4);
  if (f.u8(0x50) != 4 || super.has(kChecksum2) == super.has(kChecksum3) || crc != f.be32(kSum))
    return damaged("superblock's checksum");
  return super;
}

// Reads the log once, from its start to the first block that is not its next one.
class Log {
 public:
  Log(const io::BlockSource& volume, const ExtSuper& super, const std::vector<ExtRun>& place)
      : volume_blocks_(super.blocks),
        block_bytes_(super.block_bytes()),
        place_(place),
        window_(volume) {}

  Result<std::vector<JournalledBlock>> read();

 private:
  struct Copy {
    JournalledBlock block;
    std::uint32_t sequence = 0;
  };
  struct Revoked {
    std::uint64_t block = 0;
    std::uint32_t sequence = 0;
  };

  Result<std::uint64_t> place_of(std::uint64_t block) const;
  Result<Bytes> block_at(std::uint64_t block);
  Result<std::uint32_t> next();  // a block of the log, in turn
  Result<void> scan();
  Result<void> read_descriptor(Bytes bytes);
  Result<void> read_copy(Bytes tag, std::uint16_t flags);
  Result<void> read_revoked(Bytes bytes);
  Result<void> commit(Bytes bytes);
  bool tail_matches(Bytes bytes) const;
  std::vector<JournalledBlock> newest();

  std::uint64_t volume_blocks_;
  std::uint32_t block_bytes_;
  const std::vector<ExtRun>& place_;
  Window window_;
  JournalSuper super_;
  std::uint32_t at_ = 0;
  std::uint32_t taken_ = 0;
  std::uint32_t sequence_ = 0;
  bool torn_ = false;  // a copy of the transaction at hand has another checksum
  // Of committed transactions up to these counts; then those of the transaction at hand.
  std::vector<Copy> copies_;
  std::vector<Revoked> revoked_;
  std::size_t committed_copies_ = 0;
  std::size_t committed_revoked_ = 0;
};

Result<std::vector<JournalledBlock>> Log::read() {
  const std::vector<std::byte> head(std::from_range, TRY(block_at(0)));
  super_ = TRY(decode_super(head, block_bytes_));
  if (super_.start == 0) return std::vector<JournalledBlock>();
  at_ = super_.start;
  sequence_ = super_.sequence;
  TRY(scan());
  copies_.resize(committed_copies_);
  revoked_.resize(committed_revoked_);
  return newest();
}

Result<std::uint64_t> Log::place_of(std::uint64_t block) const {
  const auto behind = std::ranges::upper_bound(place_, block, {}, &ExtRun::logical);
  if (behind == place_.begin()) return damaged("place");
  const ExtRun& run = *std::prev(behind);
  if (block - run.logical >= run.count || run.block == 0 || !run.written) return damaged("place");
  return run.block + (block - run.logical);
}

Result<Bytes> Log::block_at(std::uint64_t block) {
  const std::uint64_t place = TRY(place_of(block));
  return naming(window_.at(place * block_bytes_, block_bytes_),
                std::format("block {} of the journal", block));
}

Result<std::uint32_t> Log::next() {
  if (taken_++ >= super_.blocks - super_.first) return damaged("it has no end");
  const std::uint32_t block = at_++;
  if (at_ >= super_.blocks) at_ = super_.first;
  return block;
}

Result<void> Log::scan() {
  while (true) {
    const std::uint32_t block = TRY(next());
    const Bytes bytes = TRY(block_at(block));
    const ByteReader f(bytes);
    if (!std::ranges::equal(f.bytes(0, 4), kJournalMagic) || f.be32(8) != sequence_) return {};
    switch (f.be32(4)) {
      case kDescriptor:
        // Its bytes must outlive reads of the blocks that it names.
        TRY(read_descriptor(std::vector<std::byte>(std::from_range, bytes)));
        break;
      case kRevoke:
        TRY(read_revoked(bytes));
        break;
      case kCommit:
        TRY(commit(bytes));
        break;
      default:
        return {};
    }
  }
}

bool Log::tail_matches(Bytes bytes) const {
  if (!super_.has_checksums()) return true;
  const std::size_t at = bytes.size() - 4;
  return crc32c_without(super_.seed, bytes, at, 4) == load_be<std::uint32_t>(bytes.data() + at);
}

Result<void> Log::read_descriptor(Bytes bytes) {
  if (!tail_matches(bytes)) return damaged("a descriptor's checksum");
  const std::size_t tag = super_.tag_bytes();
  const std::size_t end = bytes.size() - (super_.has_checksums() ? 4 : 0);
  std::size_t at = kHeader;
  while (at + tag <= end) {
    const std::uint16_t flags = load_be<std::uint16_t>(bytes.data() + at + 6);
    TRY(read_copy(bytes.subspan(at, tag), flags));
    if ((flags & kLast) != 0) break;
    at += tag + ((flags & kSameUuid) != 0 ? 0 : kUuid);
  }
  return {};
}

Result<void> Log::read_copy(Bytes tag, std::uint16_t flags) {
  const ByteReader f(tag);
  const std::uint32_t place = TRY(next());
  if ((flags & ~(kEscaped | kSameUuid | kLast)) != 0) return damaged("flags of a block");
  std::uint64_t block = f.be32(0);
  if (super_.has(k64Bit)) block |= std::uint64_t{f.be32(8)} << 32;
  if (block >= volume_blocks_) return damaged("a block outside the filesystem");
  if (copies_.size() >= kMost) return unknown("has too many blocks");
  copies_.push_back(
      {{.block = block, .copy = TRY(place_of(place)), .escaped = (flags & kEscaped) != 0},
       sequence_});
  if (!super_.has_checksums()) return {};
  std::array<std::byte, 4> sequence{};
  store_be(sequence.data(), sequence_);
  const std::uint32_t crc = crc32c_raw(crc32c_raw(super_.seed, sequence), TRY(block_at(place)));
  // A transaction that was being written when the system went down has such blocks, and no commit.
  torn_ = torn_ || (super_.has(kChecksum3) ? crc != f.be32(12) : (crc & 0xFFFF) != f.be16(4));
  return {};
}

Result<void> Log::read_revoked(Bytes bytes) {
  if (!tail_matches(bytes)) return damaged("checksum of revoked blocks");
  const ByteReader f(bytes);
  const std::size_t length = super_.has(k64Bit) ? 8 : 4;
  const std::size_t end = f.be32(kHeader);
  if (end > bytes.size() - (super_.has_checksums() ? 4 : 0))
    return damaged("list of revoked blocks");
  for (std::size_t at = kHeader + 4; at + length <= end; at += length) {
    if (revoked_.size() >= kMost) return unknown("has too many revoked blocks");
    revoked_.push_back({length == 8 ? f.be64(at) : f.be32(at), sequence_});
  }
  return {};
}

Result<void> Log::commit(Bytes bytes) {
  if (super_.has_checksums()) {
    constexpr std::size_t kSum = 16;
    if (crc32c_without(super_.seed, bytes, kSum, 4) != load_be<std::uint32_t>(bytes.data() + kSum))
      return damaged("a commit's checksum");
  }
  if (torn_) return damaged("checksum of a block");
  committed_copies_ = copies_.size();
  committed_revoked_ = revoked_.size();
  ++sequence_;
  return {};
}

// The last copy of each block, where no transaction from that one on revoked it.
std::vector<JournalledBlock> Log::newest() {
  const auto number = [](const Copy& copy) { return copy.block.block; };
  std::ranges::stable_sort(copies_, {}, number);
  std::ranges::stable_sort(revoked_, {}, &Revoked::block);
  std::vector<JournalledBlock> found;
  for (std::size_t i = 0; i < copies_.size(); ++i) {
    const Copy& copy = copies_[i];
    if (i + 1 < copies_.size() && number(copies_[i + 1]) == number(copy)) continue;
    const auto behind = std::ranges::upper_bound(revoked_, number(copy), {}, &Revoked::block);
    const bool revoked = behind != revoked_.begin() && std::prev(behind)->block == number(copy) &&
                         not_after(copy.sequence, std::prev(behind)->sequence);
    if (!revoked) found.push_back(copy.block);
  }
  return found;
}

}  // namespace

Result<std::vector<JournalledBlock>> journalled_blocks(const io::BlockSource& volume,
                                                       const ExtSuper& super) {
  if (!super.has(ExtSuper::kHasJournal)) return damaged("there is none");
  if (super.journal_inode == 0)
    return fail(doubt("its journal lies on another device and has not been replayed"));
  ExtFiles files(super, volume);
  const FileNode journal = TRY(naming(files.node(super.journal_inode), "the journal"));
  const auto place = TRY(naming(
      files.runs(journal.id, journal.bytes / super.block_bytes(), kMostPieces), "the journal"));
  return Log(volume, super, place).read();
}

}  // namespace drydock::fs
