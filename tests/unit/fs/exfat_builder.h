// A tiny exFAT volume, built byte by byte.
#pragma once

#include "unit/fs/fs_builders.h"

namespace drydock::test {

// 100 clusters of one 512-byte sector and two sectors behind them: bitmap in 2, up-case table in 3,
// root folder in 4, a file in 5 and 7 by the FAT, a folder in 6 with a file in 8 and 9, which
// follow each other. Cluster 20 is bad.
struct ExfatVolume {
  static constexpr std::uint64_t kFat = std::uint64_t{24} * 512;
  static constexpr std::uint64_t kHeap = std::uint64_t{32} * 512;
  static constexpr std::uint64_t kClusters = 100;
  static constexpr std::uint32_t kEnd = 0xFFFFFFFF;
  static constexpr std::uint8_t kByFat = 1;
  static constexpr std::uint8_t kInARow = 3;

  ExfatVolume() {
    put_text(disk, 3, "EXFAT   ");
    put64(disk, 72, 32 + kClusters);
    put32(disk, 80, 24);
    put32(disk, 84, 8);
    put32(disk, 88, 32);
    put32(disk, 92, kClusters);
    put32(disk, 96, 4);
    put32(disk, 100, 0xCAFE1234);
    put16(disk, 104, 0x0100);
    byte(108) = 9;
    byte(110) = 1;
    put16(disk, 510, 0xAA55);
    seal();

    for (const std::uint32_t used : {2u, 3u, 4u, 5u, 6u, 7u, 8u, 9u, 20u}) use(used, true);
    for (const std::uint32_t single : {2u, 3u, 4u}) link(single, kEnd);
    link(5, 7);
    link(7, kEnd);
    link(20, 0xFFFFFFF7);

    byte(at(4)) = 0x83;
    byte(at(4) + 1) = 4;
    put_text(disk, at(4) + 2, std::string_view("T\0I\0N\0Y\0", 8));
    root_entry(1, 0x81, 2, 13);
    root_entry(2, 0x82, 3, 300);
    file(at(4) + 96, 0, kByFat, 5, 1000);
    file(at(4) + 192, 0x10, kInARow, 6, 512);
    file(at(6), 0, kInARow, 8, 600);
  }

  void seal() {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < std::size_t{11} * 512; ++i)
      if (i != 106 && i != 107 && i != 112) sum = (sum << 31 | sum >> 1) + byte(i);
    for (std::size_t i = 0; i < 512; i += 4) put32(disk, std::uint64_t{11} * 512 + i, sum);
  }

  std::uint8_t& byte(std::uint64_t offset) {
    return reinterpret_cast<std::uint8_t&>(disk.content()[offset]);
  }
  static std::uint64_t at(std::uint64_t cluster) { return kHeap + (cluster - 2) * 512; }
  void link(std::uint32_t cluster, std::uint32_t next) {
    put32(disk, kFat + std::uint64_t{cluster} * 4, next);
  }
  void use(std::uint32_t cluster, bool used) {
    const auto bit = static_cast<std::uint8_t>(1u << (cluster - 2) % 8);
    std::uint8_t& bits = byte(at(2) + (cluster - 2) / 8);
    bits = static_cast<std::uint8_t>(used ? bits | bit : bits & ~bit);
  }
  void root_entry(unsigned index, std::uint8_t type, std::uint32_t cluster, std::uint64_t bytes) {
    const std::uint64_t entry = at(4) + std::uint64_t{index} * 32;
    byte(entry) = type;
    put32(disk, entry + 20, cluster);
    put64(disk, entry + 24, bytes);
  }
  // The entry set of a file or folder without a name.
  void file(std::uint64_t entry, std::uint16_t attributes, std::uint8_t flags,
            std::uint32_t cluster, std::uint64_t bytes) {
    byte(entry) = 0x85;
    byte(entry + 1) = 2;
    put16(disk, entry + 4, attributes);
    byte(entry + 32) = 0xC0;
    byte(entry + 33) = flags;
    put32(disk, entry + 32 + 20, cluster);
    put64(disk, entry + 32 + 24, bytes);
    byte(entry + 64) = 0xC1;
  }

  // An entry set with a name and its checksum; returns what follows it.
  std::uint64_t named(std::uint64_t entry, std::u16string_view name, std::uint16_t attributes,
                      std::uint8_t flags, std::uint32_t cluster, std::uint64_t bytes,
                      std::uint64_t written) {
    const std::size_t names = (name.size() + 14) / 15;
    file(entry, attributes, flags, cluster, bytes);
    byte(entry + 1) = static_cast<std::uint8_t>(1 + names);
    byte(entry + 35) = static_cast<std::uint8_t>(name.size());
    put64(disk, entry + 40, written);
    for (std::size_t i = 0; i < names * 15; ++i) {
      const std::uint64_t at = entry + 64 + i / 15 * 32;
      byte(at) = 0xC1;
      put16(disk, at + 2 + i % 15 * 2, i < name.size() ? name[i] : 0);
    }
    seal_set(entry);
    return entry + (2 + names) * 32;
  }
  void seal_set(std::uint64_t entry) {
    std::uint32_t sum = 0;
    const std::size_t length = (std::size_t{byte(entry + 1)} + 1) * 32;
    for (std::size_t i = 0; i < length; ++i)
      if (i != 2 && i != 3) sum = ((sum << 15 | sum >> 1) + byte(entry + i)) & 0xFFFF;
    put16(disk, entry + 2, static_cast<std::uint16_t>(sum));
  }

  io::MemoryDisk disk{kHeap + (kClusters + 2) * 512};
};

}  // namespace drydock::test
