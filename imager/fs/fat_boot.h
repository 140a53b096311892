#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace drydock::fs {

// The boot sector of a FAT volume with the numbers that follow from it. Sectors are of
// `sector_bytes`, which need not be the device's.
struct FatBoot {
  enum class Kind { fat12 = 12, fat16 = 16, fat32 = 32 };

  std::uint32_t sector_bytes = 0;
  std::uint32_t cluster_sectors = 0;
  std::uint32_t reserved_sectors = 0;
  std::uint32_t fats = 0;
  std::uint32_t root_entries = 0;
  std::uint64_t sectors = 0;
  std::uint32_t fat_sectors = 0;
  Kind kind = Kind::fat12;
  std::uint64_t clusters = 0;  // numbered from 2 on

  // FAT32 only.
  std::uint16_t mirroring = 0;
  std::uint16_t version = 0;
  std::uint32_t root_cluster = 0;
  std::uint32_t info_sector = 0;  // 0 and 0xFFFF: none

  std::uint8_t state_byte = 0;  // bit 0: Linux has it mounted, or had when it went down
  std::string label;            // of the boot sector; the root directory may have another
  std::uint32_t serial = 0;
  std::string kind_text;  // "FAT16   ", as the formatting program wrote it

  // Nothing when this is no FAT boot sector: FAT has no magic number of its own, so every field
  // must make sense. `sector` is at least 512 bytes.
  static std::optional<FatBoot> decode(Bytes sector);
  // Only that its parts lie inside one another, and that it is of a version that is known.
  Result<void> check_sizes(std::uint64_t volume_bytes) const;

  // FAT32 may keep only one of its FATs up to date; any other kind keeps all of them.
  bool one_fat_alone() const { return (mirroring & 0x80) != 0; }
  std::uint32_t current_fat() const { return one_fat_alone() ? mirroring & 0x0F : 0; }

  std::uint64_t fat_offset(std::uint32_t copy) const {
    return (reserved_sectors + std::uint64_t{copy} * fat_sectors) * sector_bytes;
  }
  std::uint64_t fat_bytes() const { return std::uint64_t{fat_sectors} * sector_bytes; }
  std::uint64_t root_sectors() const;
  std::uint64_t data_sector() const;
  std::uint64_t cluster_bytes() const { return std::uint64_t{cluster_sectors} * sector_bytes; }
  std::uint64_t cluster_offset(std::uint64_t cluster) const {
    return data_sector() * sector_bytes + (cluster - 2) * cluster_bytes();
  }
  std::string_view name() const;
};

}  // namespace drydock::fs
