#include "fs/nilfs_files.h"

#include <format>

namespace drydock::fs {
namespace {

constexpr std::size_t kDatAt = 16;
constexpr std::size_t kUsageAt = kDatAt + 2 * NilfsTree::kInodeBytes;
constexpr std::size_t kDatEntry = 32;
constexpr std::size_t kUsageEntry = 16;
constexpr std::uint64_t kUsageHeader = 2;  // entries that the header takes

}  // namespace

NilfsFiles::NilfsFiles(const io::BlockSource& volume, const NilfsSuper& super, Bytes root)
    : super_(super),
      window_(volume),
      bits_(volume),
      dat_(volume, super, root.subspan(kDatAt, NilfsTree::kInodeBytes),
           [this](std::uint64_t block) { return inside(block); }),
      usage_(volume, super, root.subspan(kUsageAt, NilfsTree::kInodeBytes),
             [this](std::uint64_t number) { return translate(number); }) {}

Result<std::uint64_t> NilfsFiles::inside(std::uint64_t block) const {
  if (!super_.in_segments(block)) return fail(doubt("its metadata lies outside its segments"));
  return block;
}

Result<std::uint64_t> NilfsFiles::translate(std::uint64_t number) {
  const std::uint64_t group = number / group_entries();
  const std::uint64_t key = group / groups() * described_blocks() + 1 +
                            group % groups() * group_blocks() + 1 +
                            number % group_entries() / entries_in_block();
  const auto block = TRY(dat_.find(key));
  if (!block) return fail(doubt(std::format("virtual block {} is not in its DAT", number)));
  const Bytes bytes =
      TRY(naming(window_.at(*block * super_.block_bytes, super_.block_bytes), "the DAT"));
  return inside(ByteReader(bytes).le64(number % entries_in_block() * kDatEntry));
}

Result<void> NilfsFiles::keep_segments(UsedMap& map) {
  TRY(usage_.walk({.node = [](std::uint64_t) { return Result<void>(); },
                   .data = [&](std::uint64_t key,
                               std::uint64_t block) { return take_usage(key, block, map); }}));
  // Where the file has a hole, segments are clean.
  const std::uint64_t clean = super_.segments - dirty_;
  if (told_clean_ != clean || told_dirty_ != dirty_)
    return fail(
        doubt(std::format("its segment usage file counts {} clean and {} used segments, "
                          "there are {} and {}",
                          told_clean_, told_dirty_, clean, dirty_)));
  return {};
}

Result<void> NilfsFiles::take_usage(std::uint64_t key, std::uint64_t block, UsedMap& map) {
  const Bytes bytes = TRY(
      naming(window_.at(block * super_.block_bytes, super_.block_bytes), "the segment usage file"));
  const ByteReader f(bytes);
  const std::uint64_t in_block = super_.block_bytes / kUsageEntry;
  if (key > super_.segments / in_block + 1) return {};
  if (key == 0) {
    told_clean_ = f.le64(0);
    told_dirty_ = f.le64(8);
  }
  for (std::uint64_t i = key == 0 ? kUsageHeader : 0; i < in_block; ++i) {
    const std::uint64_t segment = key * in_block + i - kUsageHeader;
    if (segment >= super_.segments) break;
    if (f.le32(i * kUsageEntry + 12) == 0) continue;
    ++dirty_;
    const Extent bytes_of = super_.segment_bytes(segment);
    map.keep(bytes_of.offset, bytes_of.length);
  }
  return {};
}

Result<void> NilfsFiles::check_blocks(const ExtentMap& in_use) {
  return dat_.walk(
      {.node = [&](std::uint64_t block) { return check_block(block, in_use); },
       .data = [&](std::uint64_t key,
                   std::uint64_t block) { return check_dat_block(key, block, in_use); }});
}

// An entry that waits for its place has none yet; one whose bit is not set may have an old one.
Result<void> NilfsFiles::check_dat_block(std::uint64_t key, std::uint64_t block,
                                         const ExtentMap& in_use) {
  TRY(check_block(block, in_use));
  const std::uint64_t described = key % described_blocks();
  if (described == 0) return {};
  const std::uint64_t in_group = (described - 1) % group_blocks();
  if (in_group == 0) return {};
  const auto bits_at = TRY(dat_.find(key - in_group));
  if (!bits_at) return fail(doubt("a block of bits is missing in its DAT"));
  const Bytes bits =
      TRY(naming(bits_.at(*bits_at * super_.block_bytes, super_.block_bytes), "the DAT"));
  const Bytes bytes =
      TRY(naming(window_.at(block * super_.block_bytes, super_.block_bytes), "the DAT"));
  const ByteReader f(bytes);
  for (std::uint64_t i = 0; i < entries_in_block(); ++i) {
    const std::uint64_t place = f.le64(i * kDatEntry);
    const bool taken = bit_at(bits, (in_group - 1) * entries_in_block() + i);
    if (place != 0 && taken) TRY(check_block(place, in_use));
  }
  return {};
}

Result<void> NilfsFiles::check_block(std::uint64_t block, const ExtentMap& in_use) const {
  if (in_use.contains({block * super_.block_bytes, super_.block_bytes})) return {};
  return fail(doubt(std::format("block {} is in use but segment {} is called clean", block,
                                super_.segment_of(block))));
}

}  // namespace drydock::fs
