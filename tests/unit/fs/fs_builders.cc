#include "unit/fs/fs_builders.h"

#include <array>

#include "base/hash.h"

namespace drydock::test {
namespace {

constexpr std::uint64_t kSuper = 1024;
constexpr std::uint64_t kGroupDescriptors = 2048;
constexpr std::array<std::uint64_t, 2> kFirst{1, 257};
constexpr std::array<std::uint64_t, 2> kCount{256, 200};
// In each group: superblock, descriptors, both bitmaps, two blocks of inodes.
constexpr std::uint64_t kLeading = 2;
constexpr std::uint64_t kInodeBlocks = 2;
constexpr std::uint32_t kInodesPerGroup = 16;
constexpr std::uint64_t kInodeBytes = 128;
constexpr std::array<std::uint32_t, 3> kInodes{12, 13, 17};

std::uint64_t inode_at(std::uint32_t number) {
  const std::uint64_t group = (number - 1) / kInodesPerGroup;
  return (kFirst[group] + kLeading + 2) * ExtVolume::kBlock +
         (number - 1) % kInodesPerGroup * kInodeBytes;
}

// An extent tree's node with one entry, of a run or, above depth 0, of another node.
void put_node(io::MemoryDisk& disk, std::uint64_t at, std::uint16_t most, std::uint16_t depth,
              std::uint16_t count, std::uint32_t block) {
  put16(disk, at, 0xF30A);
  put16(disk, at + 2, 1);
  put16(disk, at + 4, most);
  put16(disk, at + 6, depth);
  put32(disk, at + 12 + (depth == 0 ? 8 : 4), block);
  if (depth == 0) put16(disk, at + 12 + 4, count);
}

void put_inode(io::MemoryDisk& disk, std::uint32_t number, std::uint32_t flags) {
  const std::uint64_t at = inode_at(number);
  put16(disk, at, 0x81A4);
  put32(disk, at + 0x4, 4096);
  put16(disk, at + 0x1A, 1);
  put32(disk, at + 0x20, flags);
  put32(disk, at + 0x64, 100 + number);  // generation
}

// Among them, the inodes use every block that is no metadata: a tree of extents (20, then 21 to
// 24), block numbers (28, and through 25 26 and 27) with an attribute block (29), a run (300).
void put_inodes(io::MemoryDisk& disk) {
  constexpr std::uint64_t kBlock = ExtVolume::kBlock;
  put_inode(disk, 12, 0x80000);
  put_node(disk, inode_at(12) + 0x28, 4, 1, 0, 20);
  put_node(disk, 20 * kBlock, (kBlock - 12) / 12, 0, 4, 21);
  put_inode(disk, 13, 0);
  put32(disk, inode_at(13) + 0x28, 28);
  put32(disk, inode_at(13) + 0x28 + 4 * 12, 25);
  put32(disk, inode_at(13) + 0x68, 29);
  put32(disk, 25 * kBlock, 26);
  put32(disk, 25 * kBlock + 8, 27);
  put_inode(disk, 17, 0x80000);
  put_node(disk, inode_at(17) + 0x28, 4, 0, 1, 300);
}

void set_bits(io::MemoryDisk& disk, std::uint64_t bitmap, std::uint64_t from, std::uint64_t count) {
  for (std::uint64_t bit = from; bit < from + count; ++bit)
    disk.content()[bitmap + bit / 8] |= std::byte{1} << (bit % 8);
}

}  // namespace

ExtVolume::ExtVolume(bool with_checksums) : checksums(with_checksums) {
  put32(disk, kSuper + 0x0, 32);  // inodes
  put32(disk, kSuper + 0x4, kBlocks);
  put32(disk, kSuper + 0x14, 1);    // first data block
  put32(disk, kSuper + 0x20, 256);  // blocks a group
  put32(disk, kSuper + 0x24, 256);
  put32(disk, kSuper + 0x28, 16);  // inodes a group
  put16(disk, kSuper + 0x38, 0xEF53);
  put16(disk, kSuper + 0x3A, 1);    // clean
  put32(disk, kSuper + 0x4C, 1);    // revision
  put16(disk, kSuper + 0x58, 128);  // inode size
  put32(disk, kSuper + 0x64, checksums ? 0x400 : 0);
  put_text(disk, kSuper + 0x68, "0123456789abcdef");
  put_text(disk, kSuper + 0x78, "tiny");
  disk.content()[kSuper + 0x175] = std::byte{checksums};

  std::uint32_t all_free = 0;
  for (std::size_t group = 0; group < 2; ++group) {
    const std::uint64_t bitmap = (kFirst[group] + kLeading) * kBlock;
    const std::uint64_t descriptor = kGroupDescriptors + group * 32;
    put32(disk, descriptor + 0x0, static_cast<std::uint32_t>(kFirst[group] + kLeading));
    put32(disk, descriptor + 0x4, static_cast<std::uint32_t>(kFirst[group] + kLeading + 1));
    put32(disk, descriptor + 0x8, static_cast<std::uint32_t>(kFirst[group] + kLeading + 2));
    const std::uint64_t metadata = kLeading + 2 + kInodeBlocks;
    set_bits(disk, bitmap, 0, metadata);
    set_bits(disk, bitmap, group == 0 ? 19 : 43, group == 0 ? 10 : 1);
    set_bits(disk, bitmap, kCount[group], 8 * kBlock - kCount[group]);
    const auto free = static_cast<std::uint16_t>(kCount[group] - metadata - (group == 0 ? 10 : 1));
    put16(disk, descriptor + 0xC, free);
    const std::uint16_t inodes = group == 0 ? 2 : 1;
    set_bits(disk, bitmap + kBlock, group == 0 ? 11 : 0, inodes);
    put16(disk, descriptor + 0xE, kInodesPerGroup - inodes);
    all_free += free;
  }
  put32(disk, kSuper + 0xC, all_free);
  put32(disk, kSuper + 0x10, 2 * kInodesPerGroup - 3);
  put_inodes(disk);
  seal();
}

void ExtVolume::seal() {
  if (!checksums) return;
  const Bytes all = disk.content();
  const std::uint32_t seed = crc32c_raw(~0u, all.subspan(kSuper + 0x68, 16));
  for (const std::uint32_t number : kInodes) {
    std::array<std::byte, 4> le{};
    store_le(le.data(), number);
    const std::uint64_t at = inode_at(number);
    const std::uint32_t of_inode = crc32c_raw(crc32c_raw(seed, le), all.subspan(at + 0x64, 4));
    put16(disk, at + 0x7C, 0);
    put16(disk, at + 0x7C,
          static_cast<std::uint16_t>(crc32c_raw(of_inode, all.subspan(at, kInodeBytes))));
    constexpr std::uint64_t kTail = kBlock - (kBlock - 12) % 12;
    if (number == 12)
      put32(disk, 20 * kBlock + kTail, crc32c_raw(of_inode, all.subspan(20 * kBlock, kTail)));
  }
  for (std::size_t group = 0; group < 2; ++group) {
    const std::uint64_t at = kGroupDescriptors + group * 32;
    const Bytes bitmap = all.subspan((kFirst[group] + kLeading) * kBlock, 256 / 8);
    put16(disk, at + 0x18, static_cast<std::uint16_t>(crc32c_raw(seed, bitmap)));
    const Bytes inodes = all.subspan((kFirst[group] + kLeading + 1) * kBlock, kInodesPerGroup / 8);
    put16(disk, at + 0x1A, static_cast<std::uint16_t>(crc32c_raw(seed, inodes)));
    put16(disk, at + 0x1E, 0);
    std::array<std::byte, 4> number{std::byte{static_cast<unsigned char>(group)}};
    const std::uint32_t crc = crc32c_raw(crc32c_raw(seed, number), all.subspan(at, 32));
    put16(disk, at + 0x1E, static_cast<std::uint16_t>(crc));
  }
  put32(disk, kSuper + 0x3FC, crc32c_raw(~0u, all.subspan(kSuper, 0x3FC)));
}

ExtentMap ExtVolume::expected() const {
  ExtentMap map;
  map.add({0, 7 * kBlock});
  map.add({20 * kBlock, 10 * kBlock});
  map.add({257 * kBlock, 6 * kBlock});
  map.add({300 * kBlock, kBlock});
  return map;
}

FatVolume::FatVolume(unsigned kind)
    : bits(kind),
      clusters(kind == 12   ? 400
               : kind == 16 ? 5000
                            : 3000),
      reserved(kind == 32 ? 8 : 1),
      fat_sectors(((clusters + 2) * kind / 8 + 511) / 512 + 1),
      root_sectors(kind == 32 ? 0 : 4),
      disk((reserved + 2 * fat_sectors + root_sectors + clusters) * 512) {
  put_text(disk, 0, "\xEB\x3C\x90");
  put_text(disk, 3, "DRYDOCK ");
  put16(disk, 11, 512);
  put16(disk, 13, static_cast<std::uint16_t>(1 | reserved << 8));  // sectors a cluster, reserved
  disk.content()[16] = std::byte{2};
  put16(disk, 17, static_cast<std::uint16_t>(root_sectors * 16));
  put32(disk, 32, static_cast<std::uint32_t>(disk.geometry().bytes / 512));
  disk.content()[21] = std::byte{0xF8};
  const std::uint64_t extension = kind == 32 ? 64 : 36;
  if (kind == 32) {
    put32(disk, 36, static_cast<std::uint32_t>(fat_sectors));
    put32(disk, 44, 2);
    put16(disk, 48, 1);
    put32(disk, 512, 0x41615252);
    put32(disk, 512 + 484, 0x61417272);
    put32(disk, 512 + 488, static_cast<std::uint32_t>(clusters - 7));
  } else {
    put16(disk, 22, static_cast<std::uint16_t>(fat_sectors));
  }
  disk.content()[extension + 2] = std::byte{0x29};
  put32(disk, extension + 3, 0xCAFE1234);
  put_text(disk, extension + 7, "TINY       ");
  put_text(disk, extension + 18, kind == 12 ? "FAT12   " : kind == 16 ? "FAT16   " : "FAT32   ");
  put16(disk, 510, 0xAA55);

  constexpr std::uint32_t kLast = 0x0FFFFFFF;
  for (const std::uint64_t entry : {std::uint64_t{0}, std::uint64_t{1}, clusters + 1})
    set_entry(entry, kLast);
  set_entry(2, kLast);
  for (std::uint32_t cluster = 5; cluster < 8; ++cluster) set_entry(cluster, cluster + 1);
  set_entry(8, kLast);
  set_entry(9, 0x0FFFFFF7);
  put_root_entry(1, "FILE    TXT\x20", 5, 4 * 512 - 10);
  put_root_entry(2, "FOLDER     \x10", static_cast<std::uint32_t>(clusters + 1), 0);
}

void FatVolume::put_root_entry(unsigned place, std::string_view name, std::uint32_t cluster,
                               std::uint32_t bytes) {
  const std::uint64_t root = bits == 32 ? data_offset() : fat_offset(2);
  const std::uint64_t at = root + std::uint64_t{place} * 32;
  // A deleted entry before it is no end.
  if (disk.content()[root] == std::byte{0}) disk.content()[root] = std::byte{0xE5};
  put_text(disk, at, name);
  put16(disk, at + 20, static_cast<std::uint16_t>(cluster >> 16));
  put16(disk, at + 26, static_cast<std::uint16_t>(cluster));
  put32(disk, at + 28, bytes);
}

void FatVolume::set_entry(std::uint64_t cluster, std::uint32_t value) {
  for (unsigned copy = 0; copy < 2; ++copy) {
    const std::uint64_t at = fat_offset(copy) + cluster * bits / 8;
    if (bits == 32) put32(disk, at, value);
    if (bits == 16) put16(disk, at, static_cast<std::uint16_t>(value));
    if (bits != 12) continue;
    const std::uint16_t pair = load_le<std::uint16_t>(disk.content().data() + at);
    const std::uint32_t low = value & 0xFFF;
    put16(disk, at,
          static_cast<std::uint16_t>(cluster % 2 == 0 ? (pair & 0xF000) | low
                                                      : (pair & 0x000F) | low << 4));
  }
}

ExtentMap FatVolume::expected() const {
  const std::uint64_t data = data_offset();
  ExtentMap map;
  map.add({0, data + 512});
  map.add({data + 3 * 512, 5 * 512});
  map.add({data + (clusters - 1) * 512, 512});
  return map;
}

io::MemoryDisk swap_volume() {
  io::MemoryDisk disk(33 * 4096);
  put32(disk, 1024, 1);
  put32(disk, 1028, 31);
  put_text(disk, 1036, "0123456789abcdef");
  put_text(disk, 1052, "tiny");
  put_text(disk, 4086, "SWAPSPACE2");
  return disk;
}

}  // namespace drydock::test
