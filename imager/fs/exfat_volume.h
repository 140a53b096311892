#pragma once

#include <optional>

#include "base/bytes.h"
#include "base/checked.h"
#include "base/result.h"
#include "fs/read.h"
#include "io/block_source.h"

namespace drydock::fs {

// The boot sector of an exFAT volume (Microsoft exFAT specification §3.1). Clusters count from 2.
struct ExfatBoot {
  std::uint32_t sector_bytes = 0;  // 0 when either size makes no sense
  std::uint32_t cluster_bytes = 0;
  std::uint64_t sectors = 0;
  std::uint64_t fat_offset = 0;  // bytes
  std::uint64_t fat_bytes = 0;
  std::uint64_t heap_offset = 0;  // bytes
  std::uint64_t clusters = 0;
  std::uint32_t root_cluster = 0;
  std::uint32_t serial = 0;
  std::uint16_t revision = 0;
  std::uint16_t flags = 0;
  std::uint8_t fats = 0;
  std::uint8_t percent_in_use = 0;  // Linux never brings it up to date: good for nothing else

  enum Flags : std::uint16_t { kSecondFat = 1, kDirty = 2, kMediaFailure = 4, kClearToZero = 8 };
  static constexpr unsigned kKnownFlags = kSecondFat | kDirty | kMediaFailure | kClearToZero;
  static constexpr std::uint8_t kPercentUnknown = 0xFF;

  // Nothing when the magic is missing.
  static std::optional<ExfatBoot> decode(Bytes sector);
  // That this is a clean volume of a kind that Drydock knows, inside `volume_bytes`.
  Result<void> check(std::uint64_t volume_bytes) const;
  // Only that it is of a kind that Drydock knows.
  Result<void> check_kind() const;
  // Only that its parts lie inside one another.
  Result<void> check_sizes(std::uint64_t volume_bytes) const;

  std::uint64_t cluster_offset(std::uint64_t cluster) const {
    return heap_offset + (cluster - 2) * cluster_bytes;
  }
  bool is_cluster(std::uint64_t cluster) const { return cluster >= 2 && cluster < clusters + 2; }
};

// Sector 11 repeats a checksum over the eleven before it (§3.4).
Result<void> check_boot_checksum(const io::BlockSource& volume, const ExfatBoot& boot);

// What stands in the FAT for a cluster: the one behind it, or kExfatEnd. `fat` reads the volume.
inline constexpr std::uint32_t kExfatEnd = 0xFFFFFFFF;
Result<std::uint32_t> exfat_next(const ExfatBoot& boot, Window& fat, std::uint32_t cluster);

// Clusters of a file one after the other, by the FAT or without it.
class ExfatChain {
 public:
  // A folder of unknown length has `length` UINT64_MAX and ends where its chain does.
  ExfatChain(const ExfatBoot& boot, Window& fat, std::uint32_t first, std::uint64_t length,
             bool contiguous)
      : boot_(boot), fat_(fat), next_(first), contiguous_(contiguous) {
    left_ =
        length == UINT64_MAX ? boot.clusters : div_ceil<std::uint64_t>(length, boot.cluster_bytes);
    must_end_ = length != UINT64_MAX;
  }

  // The next cluster, or 0 behind the last. Fails on a chain that leaves the volume or ends early;
  // it ends at the latest after as many clusters as there are, so loops do too.
  Result<std::uint32_t> next();

 private:
  const ExfatBoot& boot_;
  Window& fat_;
  std::uint32_t next_;
  std::uint32_t last_ = 0;
  std::uint64_t left_ = 0;
  bool contiguous_;
  bool must_end_ = false;
};

}  // namespace drydock::fs
