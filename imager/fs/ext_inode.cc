#include "fs/ext_inode.h"

#include <algorithm>

#include "base/hash.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kOldBytes = 128;
constexpr std::size_t kChecksumLow = 0x7C;
constexpr std::size_t kChecksumHigh = 0x82;

}  // namespace

ExtInode ExtInode::decode(const ExtSuper& super, std::uint32_t number, Bytes bytes) {
  const ByteReader f(bytes);
  ExtInode inode;
  inode.number = number;
  inode.mode = f.le16(0x0);
  inode.links = f.le16(0x1A);
  inode.deleted = f.le32(0x14);
  inode.flags = f.le32(0x20);
  inode.generation = f.le32(0x64);
  inode.sectors = f.le32(0x1C);
  inode.bytes = f.le32(0x4);
  if (inode.type() == kFile || inode.type() == kFolder)
    inode.bytes |= std::uint64_t{f.le32(0x6C)} << 32;
  inode.attribute_block = f.le32(0x68);
  // Elsewhere these two bytes are another system's.
  if (super.has(ExtSuper::k64Bit)) inode.attribute_block |= std::uint64_t{f.le16(0x76)} << 32;
  std::ranges::copy(f.bytes(0x28, kRootBytes), inode.root.begin());
  return inode;
}

bool ExtInode::is_short_link(const ExtSuper& super) const {
  if (type() != kLink || has(kExtents) || has(kInlineData) || bytes >= kRootBytes) return false;
  // Old systems gave short targets a block too; those know nothing of attributes in inodes.
  return super.has(ExtSuper::kEaInode) ||
         sectors == (attribute_block != 0 ? super.cluster_bytes() / 512 : 0);
}

bool ExtInode::has_blocks(const ExtSuper& super) const {
  if (number == kBadBlocks) return true;
  if (has(kInlineData)) return false;
  return type() == kFile || type() == kFolder || (type() == kLink && !is_short_link(super));
}

std::uint32_t ExtInode::checksum_seed(std::uint32_t volume_seed) const {
  return crc32c_raw(crc32c_raw(volume_seed, as_le32(number)), as_le32(generation));
}

bool inode_checksum_matches(const ExtSuper& super, std::uint32_t volume_seed, std::uint32_t number,
                            Bytes bytes) {
  if (!super.has(ExtSuper::kMetadataCsum)) return true;
  const ByteReader f(bytes);
  std::uint32_t crc = crc32c_raw(volume_seed, as_le32(number));
  crc = crc32c_raw(crc, f.bytes(0x64, 4));
  crc = crc32c_without(crc, bytes.first(kOldBytes), kChecksumLow, 2);
  const bool wide = bytes.size() > kOldBytes && f.le16(0x80) + kOldBytes >= kChecksumHigh + 2;
  if (!wide) {
    crc = crc32c_raw(crc, bytes.subspan(kOldBytes));
    return (crc & 0xFFFF) == f.le16(kChecksumLow);
  }
  crc = crc32c_without(crc, bytes.subspan(kOldBytes), kChecksumHigh - kOldBytes, 2);
  return crc == (f.le16(kChecksumLow) | std::uint32_t{f.le16(kChecksumHigh)} << 16);
}

Bytes inline_rest(Bytes inode) {
  constexpr std::uint32_t kMagic = 0xEA020000;
  constexpr std::size_t kEntry = 16;
  constexpr std::uint8_t kSystem = 7;
  const ByteReader f(inode);
  if (inode.size() <= kOldBytes) return {};
  const std::size_t header = kOldBytes + f.le16(0x80);
  if (f.le32(header) != kMagic) return {};
  const std::size_t first = header + 4;  // values are counted from here
  for (std::size_t at = first; at + kEntry <= inode.size();) {
    const std::size_t name_bytes = f.u8(at);
    if (name_bytes == 0 && f.u8(at + 1) == 0) return {};
    if (f.u8(at + 1) == kSystem && name_bytes == 4 && f.equals(at + kEntry, "data"))
      return f.bytes(first + f.le16(at + 2), f.le32(at + 8));
    at += kEntry + (name_bytes + 3) / 4 * 4;
  }
  return {};
}

}  // namespace drydock::fs
