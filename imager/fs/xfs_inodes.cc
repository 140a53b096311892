#include "fs/xfs_inodes.h"

#include <algorithm>
#include <bit>
#include <format>

namespace drydock::fs {
namespace {

constexpr std::uint64_t kPerChunk = 64;
constexpr std::uint64_t kPerHoleBit = 4;
constexpr std::size_t kChunksAtOnce = 4096;
constexpr std::uint64_t kMostAtOnce = kMiB;
constexpr std::uint64_t kGapWorthReading = 64 * kKiB;

}  // namespace

struct XfsInodes::Chunk {
  std::uint64_t offset = 0;  // in the volume
  std::uint64_t length = 0;
  std::uint64_t number = 0;  // of the first inode
  std::uint16_t holes = 0;   // a bit for four inodes each that are not there
  std::uint64_t free = 0;    // a bit for each inode that holds nothing, or is not there
};

Result<void> XfsInodes::check(const XfsGroup& group) {
  XfsTree tree(super_, window_, kXfsInodes,
               {{group.inodes.block}, group.inodes.levels, group.number},
               [this](std::uint64_t offset) -> Result<void> {
                 if (used_.contains({offset, super_.block_bytes})) return {};
                 return fail(doubt("a block of its inode tree is called free"));
               });
  std::vector<Chunk> chunks;
  std::uint64_t behind = 0;
  std::uint64_t inodes = 0;
  while (true) {
    const Bytes record = TRY(tree.next());
    if (record.empty()) break;
    const ByteReader f(record);
    const std::uint64_t first = f.be32(0);
    const std::uint64_t group_inodes = std::uint64_t{super_.blocks_in(group.number)}
                                       << (super_.block_shift - super_.inode_shift);
    if (first < behind || first + kPerChunk > group_inodes)
      return fail(doubt(
          std::format("the inode tree of allocation group {} is damaged (order)", group.number)));
    behind = first + kPerChunk;
    Chunk chunk;
    chunk.offset = super_.offset_of(group.number, 0) + (first << super_.inode_shift);
    chunk.length = kPerChunk << super_.inode_shift;
    chunk.number = std::uint64_t{group.number}
                       << (super_.group_shift + super_.block_shift - super_.inode_shift) |
                   first;
    chunk.holes = super_.has(XfsSuper::kSparseInodes) ? f.be16(4) : std::uint16_t{0};
    chunk.free = f.be64(8);
    inodes += kPerChunk - kPerHoleBit * static_cast<unsigned>(std::popcount(chunk.holes));
    TRY(check_chunk(chunk));
    chunks.push_back(chunk);
    if (chunks.size() == kChunksAtOnce) {
      TRY(read_chunks(chunks, group.number));
      chunks.clear();
    }
  }
  TRY(read_chunks(chunks, group.number));
  if (inodes == group.inode_count) return {};
  return fail(doubt(std::format("allocation group {} counts {} inodes but its tree has {}",
                                group.number, group.inode_count, inodes)));
}

// All inodes that are there are in blocks that are in use.
Result<void> XfsInodes::check_chunk(const Chunk& chunk) const {
  for (std::uint64_t i = 0; i < kPerChunk / kPerHoleBit; ++i) {
    if ((chunk.holes >> i & 1) != 0) continue;
    const std::uint64_t length = kPerHoleBit << super_.inode_shift;
    if (!used_.contains({chunk.offset + i * length, length}))
      return fail(doubt(std::format("inodes from {} on are in blocks that are called free",
                                    chunk.number + i * kPerHoleBit)));
  }
  return {};
}

// Neighbours are read together.
Result<void> XfsInodes::read_chunks(std::span<const Chunk> chunks, std::uint32_t group) {
  while (!chunks.empty()) {
    std::size_t count = 1;
    while (count < chunks.size()) {
      const Chunk& last = chunks[count - 1];
      const Chunk& next = chunks[count];
      if (next.offset - (last.offset + last.length) > kGapWorthReading ||
          next.offset + next.length - chunks[0].offset > kMostAtOnce)
        break;
      ++count;
    }
    TRY(read_run(chunks.first(count), group));
    chunks = chunks.subspan(count);
  }
  return {};
}

Result<void> XfsInodes::read_run(std::span<const Chunk> chunks, std::uint32_t group) {
  const std::uint64_t start = chunks.front().offset;
  std::vector<std::byte> bytes(chunks.back().offset + chunks.back().length - start);
  const Result<void> read = volume_.read_at(start, bytes);
  // What lies between them need not be readable.
  if (!read && chunks.size() > 1) {
    for (std::size_t i = 0; i < chunks.size(); ++i) TRY(read_run(chunks.subspan(i, 1), group));
    return {};
  }
  TRY(naming(read, std::format("an inode of allocation group {}", group)));
  for (const Chunk& chunk : chunks)
    TRY(check_inodes(chunk, Bytes(bytes).subspan(chunk.offset - start, chunk.length)));
  return {};
}

Result<void> XfsInodes::check_inodes(const Chunk& chunk, Bytes bytes) {
  for (std::uint64_t i = 0; i < kPerChunk; ++i) {
    const bool hole = (chunk.holes >> (i / kPerHoleBit) & 1) != 0;
    if (hole || (chunk.free >> i & 1) != 0) continue;
    TRY(check_inode(
        {chunk.number + i, bytes.subspan(i << super_.inode_shift, super_.inode_bytes)}));
  }
  return {};
}

Result<void> XfsInodes::check_inode(const XfsInode& inode) {
  TRY(inode.check(super_));
  std::uint64_t blocks = 0;
  TRY(check_fork(inode, inode.data(super_), blocks));
  if (inode.has_attributes()) TRY(check_fork(inode, inode.attributes(), blocks));
  const std::uint64_t counted = inode.fields.be64(64);
  if (blocks == counted) return {};
  return fail(
      doubt(std::format("inode {} counts {} blocks but has {}", inode.number, counted, blocks)));
}

Result<void> XfsInodes::check_fork(const XfsInode& inode, const XfsFork& fork,
                                   std::uint64_t& blocks) {
  switch (fork.format) {
    case XfsFork::kDevice:
    case XfsFork::kLocal:
      if (fork.extents != 0) return inode.damaged("extents without a place");
      return {};
    case XfsFork::kExtents: {
      if (fork.extents > fork.bytes.size() / XfsExtent::kBytes)
        return inode.damaged("number of extents");
      std::uint64_t behind = 0;
      for (std::size_t i = 0; i < fork.extents; ++i)
        TRY(check_extent(inode, fork, fork.bytes.subspan(i * 16, 16), behind, blocks));
      return {};
    }
    case XfsFork::kTree:
      return check_tree(inode, fork, blocks);
    default:
      return inode.damaged("fork format");
  }
}

Result<void> XfsInodes::check_tree(const XfsInode& inode, const XfsFork& fork,
                                   std::uint64_t& blocks) {
  XfsTree::Root root = TRY(inode.tree_root(fork));
  // No two files share a block of such a tree, so there are never more of them than blocks.
  XfsTree tree(
      super_, window_, kXfsFileExtents, std::move(root), [&](std::uint64_t offset) -> Result<void> {
        if (++tree_blocks_ > super_.blocks) return inode.damaged("its extent tree");
        ++blocks;
        if (used_.contains({offset, super_.block_bytes})) return {};
        return fail(doubt(
            std::format("a block of the extent tree of inode {} is called free", inode.number)));
      });
  std::uint64_t behind = 0;
  std::uint64_t extents = 0;
  while (true) {
    const Bytes record = TRY(tree.next());
    if (record.empty()) break;
    TRY(check_extent(inode, fork, record, behind, blocks));
    ++extents;
  }
  if (extents != fork.extents) return inode.damaged("number of extents");
  return {};
}

Result<void> XfsInodes::check_extent(const XfsInode& inode, const XfsFork& fork, Bytes record,
                                     std::uint64_t& behind, std::uint64_t& blocks) const {
  const XfsExtent extent = XfsExtent::decode(record);
  if (extent.count == 0 || extent.place < behind) return inode.damaged("order of its extents");
  behind = extent.place + extent.count;
  blocks += extent.count;
  if (fork.elsewhere) return {};
  const auto run = super_.run(extent.first, extent.count);
  if (!run) return inode.damaged("an extent out of bounds");
  if (used_.contains(*run)) return {};
  return fail(doubt(std::format("{} blocks of inode {} from block {} on are called free",
                                extent.count, inode.number, run->offset >> super_.block_shift)));
}

}  // namespace drydock::fs
