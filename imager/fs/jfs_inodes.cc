#include "fs/jfs_inodes.h"

#include <bit>
#include <format>

#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::uint32_t kPerGroup = 4096;
constexpr std::uint32_t kPerRun = 32;
constexpr std::uint64_t kRunBlocks = kPerRun * JfsInode::kBytes / JfsSuper::kBlock;
constexpr std::size_t kRuns = kPerGroup / kPerRun;
constexpr std::uint64_t kMostInodeGroups = std::uint64_t{1} << 20;
constexpr std::uint32_t kReserved = 2;  // inodes 0 and 1 are no files

std::unexpected<Error> damaged(std::string_view what) {
  return fail(doubt(std::format("its inode map is damaged ({})", what)));
}

}  // namespace

Result<std::uint64_t> JfsInodes::count_blocks() {
  TRY(claim({0, JfsSuper::kEnd / JfsSuper::kBlock}, "its beginning"));
  TRY(claim(super_.inodes_copy, "the second inode table"));
  TRY(claim(super_.inode_map_copy, "the second inode map"));
  TRY(aggregate());

  const auto bytes = TRY(read_jfs_aggregate_inode(volume_, JfsInode::kFiles));
  const JfsInode files{bytes, "the inode of the inode map"};
  std::uint64_t next = 0;
  const auto take = [&](const JfsRun& run) -> Result<void> {
    if (run.block != next) return damaged("a hole in it");
    next += run.place.count;
    TRY(claim(run.place, files.name));
    for (std::uint64_t i = 0; i < run.place.count; ++i) {
      const auto page = TRY(naming(
          io::read_bytes(volume_, (run.place.first + i) * JfsSuper::kBlock, JfsSuper::kBlock),
          "the inode map"));
      TRY(map_page(run.block + i, page));
    }
    return {};
  };
  TRY(files.runs().walk(
      volume_,
      {.page = [&](const JfsBlocks& page) { return claim(page, files.name); }, .run = take}));
  if (next < groups_told_ + 1) return damaged("it ends too early");
  if (inodes_ != inodes_told_ || free_ != free_told_)
    return fail(doubt(std::format("it counts {} inodes, {} of them free, but its map has {} and {}",
                                  inodes_told_, free_told_, inodes_, free_)));
  return claimed_;
}

Result<void> JfsInodes::claim(const JfsBlocks& blocks, std::string_view owner) {
  claimed_ += blocks.count;
  if (blocks.count == 0 || blocks.end() > super_.blocks() ||
      !map_.in_use.contains(JfsSuper::bytes_of(blocks)))
    return fail(doubt(std::format("blocks {} to {} of {} are called free", blocks.first,
                                  blocks.end() - 1, owner)));
  if (claimed_ <= map_.used) return {};
  return fail(
      doubt(std::format("its files and metadata take more than the {} blocks in use", map_.used)));
}

Result<std::uint64_t> JfsInodes::claim_tree(const JfsTree& tree) {
  const std::uint64_t before = claimed_;
  TRY(tree.walk(volume_, {.page = [&](const JfsBlocks& page) { return claim(page, tree.owner); },
                          .run = [&](const JfsRun& run) { return claim(run.place, tree.owner); }}));
  return claimed_ - before;
}

// The inode map's own inode is in the beginning; the log's lies behind the blocks.
Result<void> JfsInodes::aggregate() {
  constexpr std::uint32_t kBadBlocks = 4;
  for (const std::uint32_t number : {JfsInode::kBlockMap, kBadBlocks}) {
    const auto bytes = TRY(read_jfs_aggregate_inode(volume_, number));
    const std::string name = std::format("inode {} of the aggregate", number);
    TRY(claim_tree(JfsInode{bytes, name}.runs()));
  }
  return {};
}

Result<void> JfsInodes::map_page(std::uint64_t page, Bytes bytes) {
  const ByteReader f(bytes);
  if (page == 0) return map_control(f);
  if (page > groups_told_) return {};
  return group(static_cast<std::uint32_t>(page - 1), f);
}

Result<void> JfsInodes::map_control(const ByteReader& f) {
  groups_told_ = f.le32(4);
  inodes_told_ = f.le32(8);
  free_told_ = f.le32(12);
  if (groups_told_ > kMostInodeGroups || f.le32(16) != kRunBlocks)
    return damaged("its control page");
  return {};
}

// "struct iag": which of 4096 inodes are in use, and where each 32 of them are.
Result<void> JfsInodes::group(std::uint32_t number, const ByteReader& f) {
  if (f.le32(8) != number) return damaged("a page that belongs elsewhere");
  std::uint64_t runs = 0;
  std::uint64_t free = 0;
  for (std::size_t i = 0; i < kRuns; ++i) {
    const std::uint32_t working = f.le32(2048 + 4 * i);
    const std::uint32_t used = f.le32(2560 + 4 * i);
    const JfsBlocks place = jfs_blocks(f, 3072 + 8 * i);
    if (working != used) return damaged("its two maps differ");
    if (place == JfsBlocks()) {
      if (used != 0) return damaged("inodes without a place");
      continue;
    }
    if (place.count != kRunBlocks) return damaged("the place of inodes");
    ++runs;
    free += kPerRun - static_cast<unsigned>(std::popcount(used));
    const auto first = number * kPerGroup + static_cast<std::uint32_t>(i) * kPerRun;
    TRY(inodes(place, first, used));
  }
  if (f.le32(64) != free || f.le32(68) != kRuns - runs)
    return fail(
        doubt(std::format("inode group {} counts {} free inodes but has {}, or places of "
                          "inodes are missing",
                          number, f.le32(64), free)));
  inodes_ += runs * kPerRun;
  free_ += free;
  return {};
}

Result<void> JfsInodes::inodes(const JfsBlocks& place, std::uint32_t first, std::uint32_t used) {
  const std::string name = std::format("inodes from {} on", first);
  TRY(claim(place, name));
  if (used == 0) return {};
  const auto bytes =
      TRY(naming(io::read_bytes(volume_, place.first * JfsSuper::kBlock,
                                static_cast<std::size_t>(kRunBlocks * JfsSuper::kBlock)),
                 name));
  for (std::uint32_t i = 0; i < kPerRun; ++i) {
    constexpr std::uint32_t kHighest = 0x80000000;
    const std::uint32_t number = first + i;
    if ((used & kHighest >> i) == 0 || number < kReserved) continue;
    const JfsInode each{Bytes(bytes).subspan(i * JfsInode::kBytes, JfsInode::kBytes),
                        std::format("inode {}", number)};
    if (!each.belongs(JfsInode::kFiles, number))
      return fail(doubt(std::format("{} is damaged or not there", each.name)));
    TRY(inode(each));
  }
  return {};
}

Result<void> JfsInodes::inode(const JfsInode& inode) {
  std::uint64_t blocks = TRY(content(inode));
  for (const std::size_t at : {JfsInode::kAccess, JfsInode::kExtended}) {
    const auto attributes = TRY(inode.attributes(at));
    if (!attributes) continue;
    TRY(claim(*attributes, inode.name));
    blocks += attributes->count;
  }
  if (blocks == inode.blocks()) return {};
  return fail(
      doubt(std::format("{} counts {} blocks but has {}", inode.name, inode.blocks(), blocks)));
}

Result<std::uint64_t> JfsInodes::content(const JfsInode& inode) {
  constexpr std::uint64_t kInlineLink = 256;
  // Entries 2 to 13 of a folder's index fit into the inode.
  constexpr std::uint32_t kInlineIndex = 14;
  switch (inode.type()) {
    case kModeFile:
      return claim_tree(inode.runs());
    case kModeLink:
      return inode.size() < kInlineLink ? Result<std::uint64_t>(0) : claim_tree(inode.runs());
    case kModeFolder: {
      const std::uint64_t names = TRY(claim_tree(inode.names()));
      if (!super_.has_index() || inode.next_index() <= kInlineIndex) return names;
      return names + TRY(claim_tree(inode.index()));
    }
    default:
      return 0;  // a device, a pipe, a socket
  }
}

}  // namespace drydock::fs
