#include "fs/ext_groups.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "base/hash.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kChecksumAt = 0x1E;

bool is_power_of(std::uint32_t number, std::uint32_t base) {
  std::uint64_t power = base;
  while (power < number) power *= base;
  return power == number;
}

}  // namespace

Result<ExtGroup> ExtGroups::descriptor(std::uint32_t group) {
  const std::uint64_t at = descriptor_block(group) * super_.block_bytes() +
                           group % descriptors_per_block() * super_.descriptor_bytes;
  const std::string name = std::format("the descriptor of block group {}", group);
  const Bytes bytes = TRY(naming(window_.at(at, super_.descriptor_bytes), name));

  const ByteReader f(bytes);
  const bool wide = super_.descriptor_bytes >= 64;
  const auto block = [&](std::size_t low, std::size_t high) {
    return f.le32(low) | (wide ? std::uint64_t{f.le32(high)} << 32 : 0);
  };
  ExtGroup found;
  found.block_bitmap = block(0x0, 0x20);
  found.inode_bitmap = block(0x4, 0x24);
  found.inode_table = block(0x8, 0x28);
  // Without checksums the flags are not vouched for, and Linux does not look at them either.
  found.flags = super_.has_group_checksums() ? f.le16(0x12) : 0;
  const auto number = [&](std::size_t low, std::size_t high) {
    return f.le16(low) | (wide ? std::uint32_t{f.le16(high)} << 16 : 0);
  };
  found.free_clusters = number(0xC, 0x2C);
  found.free_inodes = number(0xE, 0x2E);
  found.block_checksum = number(0x18, 0x38);
  found.inode_checksum = number(0x1A, 0x3A);
  TRY(check_descriptor(group, bytes, found));
  return found;
}

Result<void> ExtGroups::check_descriptor(std::uint32_t group, Bytes bytes,
                                         const ExtGroup& found) const {
  const ByteReader f(bytes);
  const auto number = as_le32(group);
  std::uint16_t expected = f.le16(kChecksumAt);
  if (super_.has(ExtSuper::kMetadataCsum)) {
    expected = static_cast<std::uint16_t>(
        crc32c_without(crc32c_raw(seed_, number), bytes, kChecksumAt, 2));
  } else if (super_.has(ExtSuper::kGdtCsum)) {
    std::uint16_t crc = crc16(0xFFFF, Bytes(super_.raw).subspan(0x68, 16));
    crc = crc16(crc16(crc, number), bytes.first(kChecksumAt));
    expected = crc16(crc, bytes.subspan(kChecksumAt + 2));
  }
  if (expected != f.le16(kChecksumAt))
    return fail(
        doubt(std::format("the descriptor of block group {} is damaged (checksum)", group)));

  const auto inside = [&](std::uint64_t block, std::uint64_t count) {
    return block >= super_.first_data_block && block < super_.blocks &&
           count <= super_.blocks - block;
  };
  if (!inside(found.block_bitmap, 1) || !inside(found.inode_bitmap, 1) ||
      !inside(found.inode_table, inode_table_blocks()))
    return fail(doubt(std::format("block group {} has metadata outside the filesystem", group)));
  return {};
}

bool ExtGroups::block_checksum_matches(const ExtGroup& group, Bytes bitmap) const {
  return matches(group.block_checksum, bitmap.first(super_.clusters_per_group / 8));
}

bool ExtGroups::inode_checksum_matches(const ExtGroup& group, Bytes bitmap) const {
  return matches(group.inode_checksum, bitmap.first(super_.inodes_per_group / 8));
}

bool ExtGroups::matches(std::uint32_t told, Bytes bitmap) const {
  if (!super_.has(ExtSuper::kMetadataCsum)) return true;
  const std::uint32_t bits = super_.descriptor_bytes >= 64 ? 0xFFFFFFFF : 0xFFFF;
  return (crc32c_raw(seed_, bitmap) & bits) == told;
}

std::uint64_t ExtGroups::first_block(std::uint32_t group) const {
  return super_.first_data_block + std::uint64_t{group} * super_.blocks_per_group;
}

std::uint32_t ExtGroups::blocks_in(std::uint32_t group) const {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(super_.blocks_per_group, super_.blocks - first_block(group)));
}

std::uint64_t ExtGroups::inode_table_blocks() const {
  return div_ceil<std::uint64_t>(std::uint64_t{super_.inodes_per_group} * super_.inode_bytes,
                                 super_.block_bytes());
}

std::uint64_t ExtGroups::descriptor_blocks() const {
  return div_ceil<std::uint64_t>(super_.groups(), descriptors_per_block());
}

bool ExtGroups::has_superblock(std::uint32_t group) const {
  if (group == 0) return true;
  if (super_.has(ExtSuper::kSparseSuper2))
    return group == super_.backup_groups[0] || group == super_.backup_groups[1];
  if (group == 1 || !super_.has(ExtSuper::kSparseSuper)) return true;
  return group % 2 != 0 &&
         (is_power_of(group, 3) || is_power_of(group, 5) || is_power_of(group, 7));
}

std::uint64_t ExtGroups::leading_metadata(std::uint32_t group) const {
  // With bigalloc and blocks of 1024 bytes, group 0 begins at the boot block.
  const std::uint64_t boot =
      group == 0 && super_.block_bytes() == 1024 && super_.first_data_block == 0 ? 1 : 0;
  const std::uint64_t super = has_superblock(group) ? 1 : 0;
  const std::uint64_t meta_group = group / descriptors_per_block();
  const bool meta = super_.has(ExtSuper::kMetaBg) && meta_group >= super_.first_meta_bg;
  if (meta) {
    // One block of descriptors in the first, second and last group that it describes.
    const std::uint64_t place = group % descriptors_per_block();
    const bool here = place == 0 || place == 1 || place == descriptors_per_block() - 1;
    return boot + super + (here ? 1 : 0);
  }
  if (super == 0) return 0;
  const std::uint64_t descriptors =
      super_.has(ExtSuper::kMetaBg)
          ? std::min<std::uint64_t>(super_.first_meta_bg, descriptor_blocks())
          : descriptor_blocks();
  return boot + super + descriptors + super_.reserved_gdt_blocks;
}

std::uint64_t ExtGroups::descriptor_block(std::uint32_t group) const {
  const std::uint64_t index = group / descriptors_per_block();
  const std::uint64_t superblock = super_.block_bytes() == 1024 ? 1 : 0;
  if (!super_.has(ExtSuper::kMetaBg) || index < super_.first_meta_bg) return superblock + 1 + index;
  const auto first = static_cast<std::uint32_t>(index * descriptors_per_block());
  const std::uint64_t boot = first == 0 ? superblock - super_.first_data_block : 0;
  return first_block(first) + boot + (has_superblock(first) ? 1 : 0);
}

std::uint16_t crc16(std::uint16_t crc, Bytes bytes) {
  for (const std::byte b : bytes) {
    crc ^= std::to_integer<std::uint16_t>(b);
    for (int bit = 0; bit < 8; ++bit)
      crc = static_cast<std::uint16_t>((crc >> 1) ^ ((crc & 1) != 0 ? 0xA001 : 0));
  }
  return crc;
}

}  // namespace drydock::fs
