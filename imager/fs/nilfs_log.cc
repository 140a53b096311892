#include "fs/nilfs_log.h"

#include <algorithm>
#include <optional>

#include "base/hash.h"
#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::uint32_t kLogMagic = 0x1EAFFA11;
constexpr std::uint32_t kHasRoot = 4;
constexpr std::size_t kRootBytes = 16 + 3 * 128;

struct Log {
  std::uint64_t blocks = 0;
  std::uint64_t next_segment = 0;
  bool has_root = false;
};

class Trail {
 public:
  Trail(const io::BlockSource& volume, const NilfsSuper& super) : volume_(volume), super_(super) {}

  Result<NilfsLogs> follow();

 private:
  Result<std::optional<Log>> log_at(std::uint64_t block, std::uint64_t sequence);
  Result<std::uint32_t> checksum(std::uint64_t block, std::uint64_t blocks);
  Result<void> take_root(std::uint64_t block);
  Result<std::uint64_t> follow_segment(std::uint64_t at, std::uint64_t sequence);

  const io::BlockSource& volume_;
  const NilfsSuper& super_;
  NilfsLogs found_;
  std::uint64_t next_segment_ = 0;
  std::uint64_t root_at_ = 0;
};

// A log, if it is whole and in its turn.
Result<std::optional<Log>> Trail::log_at(std::uint64_t block, std::uint64_t sequence) {
  const auto head =
      TRY(naming(io::read_bytes(volume_, block * super_.block_bytes, super_.block_bytes), "a log"));
  const ByteReader f(head);
  const Log log{f.le32(40), super_.segment_of(f.le64(32)), (f.le16(14) & kHasRoot) != 0};
  if (f.le32(8) != kLogMagic || f.le64(16) != sequence || log.blocks == 0 ||
      log.blocks > super_.segment_end(super_.segment_of(block)) - block ||
      !super_.in_segments(f.le64(32)))
    return std::nullopt;
  if (TRY(checksum(block, log.blocks)) != f.le32(0)) return std::nullopt;
  return log;
}

// Of all of it behind the checksum itself.
Result<std::uint32_t> Trail::checksum(std::uint64_t block, std::uint64_t blocks) {
  const std::uint64_t start = block * super_.block_bytes;
  const std::uint64_t end = start + blocks * super_.block_bytes;
  std::uint32_t crc = super_.seed;
  std::uint64_t skip = 4;
  for (std::uint64_t at = start; at < end; at += kMiB) {
    const auto bytes = TRY(naming(io::read_bytes(volume_, at, std::min(kMiB, end - at)), "a log"));
    crc = crc32_raw(crc, Bytes(bytes).subspan(skip));
    skip = 0;
  }
  return crc;
}

Result<void> Trail::take_root(std::uint64_t block) {
  found_.root = TRY(naming(io::read_bytes(volume_, block * super_.block_bytes, super_.block_bytes),
                           "the super root"));
  const ByteReader f(found_.root);
  const std::size_t length = f.le16(4);
  if (length < kRootBytes || length > found_.root.size() ||
      crc32_raw(super_.seed, f.bytes(4, length - 4)) != f.le32(0))
    return fail(doubt("its super root is damaged"));
  return {};
}

// All logs of one segment from block `at` on; returns how many there were.
Result<std::uint64_t> Trail::follow_segment(std::uint64_t at, std::uint64_t sequence) {
  // A log has two blocks at least.
  const std::uint64_t end = super_.segment_end(super_.segment_of(at));
  std::uint64_t count = 0;
  while (at + 1 < end) {
    const auto log = TRY(log_at(at, sequence));
    if (!log) break;
    next_segment_ = log->next_segment;
    if (log->has_root) root_at_ = at + log->blocks - 1;
    at += log->blocks;
    ++count;
  }
  return count;
}

Result<NilfsLogs> Trail::follow() {
  const auto first = TRY(log_at(super_.last_log, super_.last_sequence));
  if (!first || !first->has_root)
    return fail(doubt("the last log that its superblock knows is damaged"));
  std::uint64_t sequence = super_.last_sequence;
  std::uint64_t segment = super_.segment_of(super_.last_log);
  std::uint64_t count = TRY(follow_segment(super_.last_log, sequence));
  found_.newer = count > 1;
  found_.segments.push_back(segment);
  for (;;) {
    segment = next_segment_;
    found_.segments.push_back(segment);
    if (found_.segments.size() > super_.segments + 1)
      return fail(doubt("its logs go on without an end"));
    count = TRY(follow_segment(super_.segment_start(segment), ++sequence));
    if (count == 0) break;
    found_.newer = true;
  }
  TRY(take_root(root_at_));
  return std::move(found_);
}

}  // namespace

Result<NilfsLogs> NilfsLogs::follow(const io::BlockSource& volume, const NilfsSuper& super) {
  return Trail(volume, super).follow();
}

}  // namespace drydock::fs
