#include "fs/jfs_map.h"

#include <algorithm>
#include <array>
#include <bit>
#include <format>

#include "fs/jfs_inode.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

constexpr std::uint64_t kPerPage = 8192;  // blocks of which a page has bits
constexpr std::uint64_t kPerLevel0 = kPerPage * 1024;
constexpr std::uint64_t kPerLevel1 = kPerLevel0 * 1024;
constexpr std::size_t kMostGroups = 128;
constexpr std::size_t kBits = 1024;  // bytes of a page's bits
constexpr std::size_t kWorking = 2048;
constexpr std::size_t kPersistent = 3072;
constexpr std::uint64_t kAtOnce = 256;  // pages

// The bits of a page, of which the first is the highest of a word, in the order of UsedMap.
std::array<std::byte, kBits> in_order(Bytes words) {
  std::array<std::byte, kBits> bits{};
  for (std::size_t at = 0; at < kBits; at += 4)
    store_le(bits.data() + at, __builtin_bitreverse32(load_le<std::uint32_t>(words.data() + at)));
  return bits;
}

class Reader {
 public:
  Reader(const io::BlockSource& volume, const JfsSuper& super)
      : volume_(volume), super_(super), map_(volume.geometry().bytes) {}

  Result<JfsMap> read();
  Result<std::uint64_t> read_free();

 private:
  Result<void> walk();
  Result<void> run(const JfsRun& run);
  Result<void> page(Bytes bytes);
  Result<void> control(const ByteReader& f);
  Result<void> level(const ByteReader& f, unsigned level);
  Result<void> bits(Bytes bytes);
  Result<void> compare_counts() const;

  bool complete() const { return start_ >= super_.blocks(); }
  static std::unexpected<Error> damaged(std::string_view what) {
    return fail(doubt(std::format("its block map is damaged ({})", what)));
  }

  const io::BlockSource& volume_;
  const JfsSuper& super_;
  UsedMap map_;
  std::uint64_t next_page_ = 0;
  std::uint64_t start_ = 0;  // block of the next page of bits
  unsigned levels_ = 3;      // of pages that come before that
  std::uint64_t free_told_ = 0;
  unsigned group_shift_ = 0;
  unsigned top_level_ = 0;
  std::array<std::uint64_t, kMostGroups> groups_told_{};
  std::array<std::uint64_t, kMostGroups> groups_{};  // counted
  std::uint64_t free_ = 0;                           // counted
};

Result<JfsMap> Reader::read() {
  TRY(walk());
  if (!complete()) return damaged("it ends too early");
  TRY(compare_counts());
  return JfsMap{std::move(map_).take(), super_.blocks() - free_};
}

Result<void> Reader::walk() {
  const auto bytes = TRY(read_jfs_aggregate_inode(volume_, JfsInode::kBlockMap));
  const JfsInode inode{bytes, "the inode of the block map"};
  return inode.runs().walk(volume_, {.page = [](const JfsBlocks&) -> Result<void> { return {}; },
                                     .run = [this](const JfsRun& each) { return run(each); }});
}

Result<void> Reader::run(const JfsRun& run) {
  if (complete()) return {};
  if (run.block != next_page_) return damaged("a hole in it");
  for (std::uint64_t done = 0; done < run.place.count && !complete(); done += kAtOnce) {
    const std::uint64_t count = std::min(kAtOnce, run.place.count - done);
    const auto bytes =
        TRY(naming(io::read_bytes(volume_, (run.place.first + done) * JfsSuper::kBlock,
                                  static_cast<std::size_t>(count * JfsSuper::kBlock)),
                   "the block map"));
    for (std::uint64_t i = 0; i < count && !complete(); ++i)
      TRY(page(Bytes(bytes).subspan(i * JfsSuper::kBlock, JfsSuper::kBlock)));
  }
  next_page_ = run.block + run.place.count;
  return {};
}

// First the control page; then the pages of bits, with a page of level 0 before every 1024 of them,
// one of level 1 before every 1024 of those, and one of level 2 before all.
Result<void> Reader::page(Bytes bytes) {
  const ByteReader f(bytes);
  if (group_shift_ == 0) return control(f);
  if (levels_ > 0) return level(f, --levels_);
  TRY(bits(bytes));
  if (start_ % kPerLevel1 == 0)
    levels_ = 2;
  else if (start_ % kPerLevel0 == 0)
    levels_ = 1;
  return {};
}

Result<void> Reader::control(const ByteReader& f) {
  if (f.le64(0) != super_.blocks())
    return fail(doubt(
        std::format("its block map has {} blocks, its superblock {}", f.le64(0), super_.blocks())));
  free_told_ = f.le64(8);
  group_shift_ = f.le32(52);
  top_level_ = super_.blocks() <= kPerLevel0 ? 0 : super_.blocks() <= kPerLevel1 ? 1 : 2;
  constexpr unsigned kLeastShift = 13;
  if (f.le32(16) != 0 || f.le32(24) != top_level_ || group_shift_ < kLeastShift ||
      group_shift_ > 40 || f.le64(1080) != std::uint64_t{1} << group_shift_ ||
      f.le64(1080) != super_.group_blocks || (super_.blocks() - 1) >> group_shift_ >= kMostGroups)
    return damaged("its control page");
  for (std::size_t i = 0; i < kMostGroups; ++i) groups_told_.at(i) = f.le64(56 + 8 * i);
  return {};
}

Result<void> Reader::level(const ByteReader& f, unsigned level) {
  if (level > top_level_) return {};  // never written
  // Leaves, their logarithm, where they begin, height, logarithm of what a leaf stands for.
  if (f.le32(0) == 1024 && f.le32(4) == 10 && f.le32(8) == 341 && f.le32(12) == 5 &&
      f.u8(16) == 13 + 10 * level)
    return {};
  return damaged(std::format("a page of level {}", level));
}

Result<void> Reader::bits(Bytes bytes) {
  const ByteReader f(bytes);
  const std::uint64_t count = std::min(kPerPage, super_.blocks() - start_);
  if (f.le32(0) != count || f.le64(8) != start_) return damaged("a page that belongs elsewhere");
  const Bytes persistent = bytes.subspan(kPersistent, kBits);
  if (!std::ranges::equal(bytes.subspan(kWorking, kBits), persistent))
    return fail(doubt(std::format("its two block maps differ (blocks from {} on)", start_)));
  const std::uint64_t used =
      map_.keep_bits(in_order(persistent), count, start_ * JfsSuper::kBlock, JfsSuper::kBlock);
  if (f.le32(4) != count - used)
    return fail(doubt(std::format("a page of its block map counts {} free blocks but has {}",
                                  f.le32(4), count - used)));
  groups_.at(start_ >> group_shift_) += count - used;
  free_ += count - used;
  start_ += count;
  return {};
}

Result<void> Reader::compare_counts() const {
  for (std::size_t i = 0; i < kMostGroups; ++i)
    if (groups_.at(i) != groups_told_.at(i))
      return fail(doubt(std::format("allocation group {} counts {} free blocks but has {}", i,
                                    groups_told_.at(i), groups_.at(i))));
  if (free_ != free_told_)
    return fail(
        doubt(std::format("it counts {} free blocks but its map has {}", free_told_, free_)));
  return {};
}

}  // namespace

Result<JfsMap> JfsMap::read(const io::BlockSource& volume, const JfsSuper& super) {
  return Reader(volume, super).read();
}

Result<std::uint64_t> jfs_free_blocks(const io::BlockSource& volume, const JfsSuper& super) {
  const auto bytes = TRY(read_jfs_aggregate_inode(volume, JfsInode::kBlockMap));
  std::optional<JfsBlocks> first;
  const JfsTree::Visitor visitor{.page = [](const JfsBlocks&) -> Result<void> { return {}; },
                                 .run = [&](const JfsRun& run) -> Result<void> {
                                   if (!first) first = run.place;
                                   return {};
                                 }};
  TRY(JfsInode{bytes, "the inode of the block map"}.runs().walk(volume, visitor));
  if (!first) return fail(doubt("its block map is empty"));
  const auto page =
      TRY(naming(io::read_bytes(volume, first->first * JfsSuper::kBlock, 512), "the block map"));
  const ByteReader f(page);
  if (f.le64(0) != super.blocks()) return fail(doubt("its block map is damaged"));
  return f.le64(8);
}

}  // namespace drydock::fs
