#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/extent_map.h"
#include "core/layout.h"

namespace drydock {

enum class VolumeState { unknown, clean, dirty, needs_check, hibernated };

std::string_view state_name(VolumeState state);

// What a volume says about itself. Sizes are 0 where the filesystem does not tell.
struct VolumeInfo {
  std::string filesystem;  // "ext4", "FAT32", "swap", "LUKS2"; empty: not recognised
  std::string label;       // safe to show
  std::string uuid;
  std::uint32_t cluster = 0;
  std::uint64_t total = 0;
  std::uint64_t used = 0;
  std::uint64_t free = 0;
  VolumeState state = VolumeState::unknown;
  std::string system;  // installed operating system: "Debian 13"

  bool operator==(const VolumeInfo&) const = default;
};

// A volume inside another one, such as a logical volume of LVM2.
struct InnerVolume {
  std::string name;
  std::uint64_t bytes = 0;
  VolumeInfo info;
  std::string whole_reason;  // why all of it is kept; empty: its filesystem vouches for the rest
  std::uint64_t kept = 0;    // bytes of it that must be kept and lie here

  bool operator==(const InnerVolume&) const = default;
};

// A volume with the bytes of it that must be kept.
struct Volume {
  Partition partition;
  VolumeInfo info;
  // Why the whole volume is kept, in words; empty: `used` is what its filesystem vouches for.
  std::string whole_reason;
  ExtentMap used;                       // relative to the volume's start
  std::vector<InnerVolume> inner = {};  // as far as `used` rests on them

  bool used_block() const { return whole_reason.empty(); }
};

// Everything that was read from a disk before a job starts.
struct DiskMap {
  Layout layout;
  std::vector<Volume> volumes;  // same order as layout.partitions
  ExtentMap used;               // on the whole disk: volumes, table areas and gaps united
};

}  // namespace drydock
