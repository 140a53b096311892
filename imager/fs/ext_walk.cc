#include "fs/ext_walk.h"

#include <algorithm>
#include <format>

#include "fs/used_map.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kBatch = std::size_t{1} << 16;
// Inodes in use that are no further apart than this are read at once, up to so much.
constexpr std::uint64_t kGap = 32 * kKiB;
constexpr std::uint64_t kMostTable = 512 * kKiB;

std::unexpected<Error> damaged(std::uint32_t inode, std::string_view what) {
  return fail(doubt(std::format("inode {} is damaged ({})", inode, what)));
}

}  // namespace

Result<void> ExtWalk::run() {
  for (std::uint32_t group = 0; group < super_.groups(); ++group) TRY(walk_group(group));
  for (int depth = ExtentNode::kMostDepth - 1; depth >= 0; --depth) TRY(drain(depth));
  return {};
}

Result<void> ExtWalk::walk_group(std::uint32_t number) {
  const ExtGroup group = TRY(groups_.descriptor(number));
  std::uint32_t in_use = 0;
  if (!group.has(ExtGroup::kInodeUninit)) {
    const std::string name = std::format("the inode bitmap of block group {}", number);
    const Bytes bitmap = TRY(
        naming(bitmaps_.at(group.inode_bitmap * super_.block_bytes(), super_.block_bytes()), name));
    if (!groups_.inode_checksum_matches(group, bitmap))
      return fail(doubt(name + " is damaged (checksum)"));
    in_use = static_cast<std::uint32_t>(count_bits(bitmap, super_.inodes_per_group));
    TRY(walk_inodes(number, group, bitmap));
  }
  const std::uint32_t free = super_.inodes_per_group - in_use;
  if (free != group.free_inodes)
    return fail(doubt(std::format("block group {} counts {} free inodes but its bitmap has {}",
                                  number, group.free_inodes, free)));
  free_inodes_ += free;
  return {};
}

Result<void> ExtWalk::walk_inodes(std::uint32_t number, const ExtGroup& group, Bytes bitmap) {
  const std::uint64_t table = group.inode_table * super_.block_bytes();
  const std::uint64_t inodes = super_.inodes_per_group;
  const std::uint64_t bytes = super_.inode_bytes;
  const std::uint64_t first_inode = number * inodes + 1;
  std::uint64_t next = find_bit(bitmap, inodes, 0, true);
  while (next < inodes) {
    const std::uint64_t first = next;
    std::uint64_t end = first;
    while (next < inodes && (next - end) * bytes <= kGap &&
           (next - first + 1) * bytes <= kMostTable) {
      end = next + 1;
      next = find_bit(bitmap, inodes, end, true);
    }
    table_.resize((end - first) * bytes);
    TRY(naming(volume_.read_at(table + first * bytes, table_),
               std::format("the inode table of block group {}", number)));
    for (std::uint64_t i = first; i < end; i = find_bit(bitmap, end, i + 1, true))
      TRY(walk_inode(static_cast<std::uint32_t>(first_inode + i),
                     Bytes(table_).subspan((i - first) * bytes, bytes)));
  }
  return {};
}

Result<void> ExtWalk::walk_inode(std::uint32_t number, Bytes bytes) {
  // Reserved inodes that were never used have no checksum either.
  if (all_zero(bytes)) return {};
  if (!inode_checksum_matches(super_, seed_, number, bytes)) return damaged(number, "checksum");
  const ExtInode inode = ExtInode::decode(super_, number, bytes);
  if (inode.attribute_block != 0) TRY(require(number, inode.attribute_block, 1));
  if (!inode.has_blocks(super_)) return {};
  // A tree that was never begun.
  if (inode.bytes == 0 && all_zero(inode.root)) return {};
  if (inode.has(ExtInode::kExtents)) {
    const ExtentNode node =
        TRY(naming(ExtentNode::decode(inode.root), std::format("inode {}", number)));
    return walk_extents(number, node, inode.checksum_seed(seed_));
  }
  constexpr std::size_t kDirect = BlockNumbers::kDirect;
  const Lead root{.inode = number};
  TRY(walk_numbers(root, Bytes(inode.root).first(4 * kDirect), 0));
  for (int depth = 1; depth <= BlockNumbers::kMostDepth; ++depth)
    TRY(walk_numbers(
        root, Bytes(inode.root).subspan(4 * (kDirect + static_cast<std::size_t>(depth) - 1), 4),
        depth));
  return {};
}

Result<void> ExtWalk::walk_extents(std::uint32_t inode, const ExtentNode& node,
                                   std::uint32_t seed) {
  for (std::size_t i = 0; i < node.size(); ++i) {
    if (node.depth() > 0) {
      TRY(lead_to(node.depth() - 1,
                  {.block = node.child(i), .inode = inode, .seed = seed, .extents = true}));
    } else {
      const ExtRun run = node.run(i);
      TRY(require(inode, run.block, run.count));
    }
  }
  return {};
}

// The numbers in a block from which `depth` more levels go down; 0: they are of data.
Result<void> ExtWalk::walk_numbers(const Lead& lead, Bytes numbers, int depth) {
  const std::size_t end = numbers.size() / 4;
  for (std::size_t i = 0; i < end;) {
    const ExtRun run = BlockNumbers::run(numbers, i, i);
    i += run.count;
    if (run.block == 0) continue;
    if (depth == 0) {
      TRY(require(lead.inode, run.block, run.count));
      continue;
    }
    for (std::uint64_t block = run.block; block < run.block + run.count; ++block)
      TRY(lead_to(depth - 1, {.block = block, .inode = lead.inode}));
  }
  return {};
}

Result<void> ExtWalk::lead_to(int depth, const Lead& lead) {
  TRY(require(lead.inode, lead.block, 1));
  // Damage may make many files share one tree; no more of it is read than a sound volume can have.
  if (++leads_seen_ > super_.blocks) return damaged(lead.inode, "blocks used more than once");
  auto& leads = leads_[static_cast<std::size_t>(depth)];
  leads.push_back(lead);
  if (leads.size() >= kBatch) return drain(depth);
  return {};
}

Result<void> ExtWalk::drain(int depth) {
  std::vector<Lead> leads = std::move(leads_[static_cast<std::size_t>(depth)]);
  leads_[static_cast<std::size_t>(depth)].clear();
  std::ranges::sort(leads, {}, &Lead::block);
  for (const Lead& lead : leads) TRY(follow(lead, depth));
  return {};
}

Result<void> ExtWalk::follow(const Lead& lead, int depth) {
  const Bytes bytes = TRY(naming(tree_.at(lead.block * super_.block_bytes(), super_.block_bytes()),
                                 std::format("block {} of inode {}", lead.block, lead.inode)));
  // `bytes` is valid until the next read, and so until all that it leads to has been noted; only
  // then may a full batch be read.
  const std::vector<std::byte> copy(std::from_range, bytes);
  if (!lead.extents) return walk_numbers(lead, copy, depth);
  const ExtentNode node =
      TRY(naming(ExtentNode::decode(copy, depth), std::format("inode {}", lead.inode)));
  if (super_.has(ExtSuper::kMetadataCsum) && !node.checksum_matches(lead.seed))
    return damaged(lead.inode, "checksum of its extent tree");
  return walk_extents(lead.inode, node, lead.seed);
}

Result<void> ExtWalk::require(std::uint32_t inode, std::uint64_t block, std::uint64_t count) const {
  if (block < super_.first_data_block || block >= super_.blocks || count > super_.blocks - block)
    return damaged(inode, "blocks outside the filesystem");
  const std::uint64_t unit = super_.block_bytes();
  if (used_.contains({block * unit, count * unit})) return {};
  return fail(
      doubt(std::format("inode {} uses blocks {} to {} but the block bitmap has some of them free",
                        inode, block, block + count - 1)));
}

}  // namespace drydock::fs
