#include "fs/ufs_groups.h"

#include <algorithm>
#include <bit>
#include <format>

#include "base/checked.h"
#include "base/hash.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

constexpr std::uint32_t kMagic = 0x090255;
constexpr std::size_t kGroupHashAt = 136;
constexpr std::uint32_t kFieldsBytes = 168;

// What a map, of set bits where something is free, has free.
UfsCounts count(Bytes free, std::uint32_t fragments, std::uint32_t per_block) {
  UfsCounts counts;
  for (std::uint32_t first = 0; first < fragments; first += per_block) {
    const std::uint32_t here = std::min(per_block, fragments - first);
    const unsigned byte = std::to_integer<unsigned>(free[first / 8]) >> (first % 8);
    const auto set = static_cast<std::uint32_t>(std::popcount(byte & ((1u << here) - 1)));
    if (set == per_block)
      ++counts.free_blocks;
    else
      counts.free_fragments += set;
  }
  return counts;
}

Result<void> check_hash(const UfsSuper& super, Bytes bytes, std::uint32_t told,
                        std::uint32_t number) {
  if (!super.has_group_hashes()) return {};
  if (crc32c_without(0xFFFFFFFF, bytes, kGroupHashAt, 4) == told) return {};
  return fail(doubt(std::format("cylinder group {} is damaged (check hash)", number)));
}

Result<void> check_counts(const UfsGroup& group, const UfsSuper& super, Bytes free) {
  const UfsCounts found = count(free, super.fragments_in(group.number), super.block_fragments);
  if (found.free_blocks != group.counts.free_blocks ||
      found.free_fragments != group.counts.free_fragments)
    return fail(doubt(std::format(
        "cylinder group {} counts {} free blocks and {} free fragments but its map has {} and {}",
        group.number, group.counts.free_blocks, group.counts.free_fragments, found.free_blocks,
        found.free_fragments)));
  const std::uint64_t free_inodes =
      super.group_inodes - count_bits(group.inodes_used, super.group_inodes);
  if (free_inodes != group.counts.free_inodes)
    return fail(doubt(std::format("cylinder group {} counts {} free inodes but its map has {}",
                                  group.number, group.counts.free_inodes, free_inodes)));
  return {};
}

}  // namespace

Result<UfsGroup> read_ufs_group(const io::BlockSource& volume, const UfsSuper& super,
                                std::uint32_t number) {
  const std::string name = std::format("cylinder group {}", number);
  const std::uint64_t at = super.bytes_of(super.group_start(number) + super.header_at);
  const auto bytes = TRY(naming(read_padded(volume, at, super.group_bytes), name));
  const UfsFields f = super.fields(bytes);
  if (f.u32(4) != kMagic || f.u32(12) != number)
    return fail(doubt(name + " has no header, or that of another one"));
  TRY(check_hash(super, bytes, f.u32(kGroupHashAt), number));
  const std::uint32_t fragments = super.fragments_in(number);
  if (f.u32(20) != fragments)
    return fail(doubt(
        std::format("{} says that it has {} fragments, it has {}", name, f.u32(20), fragments)));

  const std::uint64_t inode_map = f.u32(92);
  const std::uint64_t free_map = f.u32(96);
  const std::uint64_t inode_bytes = div_ceil<std::uint64_t>(super.group_inodes, 8);
  const std::uint64_t free_bytes = div_ceil<std::uint64_t>(fragments, 8);
  if (inode_map < kFieldsBytes || inode_map + inode_bytes > free_map ||
      free_map + free_bytes > super.group_bytes)
    return fail(doubt(name + " has its maps in impossible places"));

  UfsGroup group;
  group.number = number;
  group.counts = {f.u32(24), f.u32(28), f.u32(32), f.u32(36)};
  const Bytes inodes = Bytes(bytes).subspan(inode_map, inode_bytes);
  group.inodes_used.assign(inodes.begin(), inodes.end());
  group.initialised_inodes =
      super.ufs2 ? std::min(f.u32(120), super.group_inodes) : super.group_inodes;
  const Bytes free = Bytes(bytes).subspan(free_map, free_bytes);
  TRY(check_counts(group, super, free));
  group.used.assign(free.begin(), free.end());
  for (std::byte& byte : group.used) byte = ~byte;
  return group;
}

}  // namespace drydock::fs
