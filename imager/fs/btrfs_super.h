#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace drydock::fs {

// The superblock of a Btrfs device, 4096 bytes at 64 KiB with copies at 64 MiB and 256 GiB (Btrfs
// documentation, "On-disk Format"; Linux, include/uapi/linux/btrfs_tree.h). Addresses of tree
// blocks are logical: see BtrfsChunks.
struct BtrfsSuper {
  static constexpr std::array<std::uint64_t, 3> kOffsets{0x1'0000, 0x400'0000, 0x40'0000'0000};
  static constexpr std::size_t kBytes = 4096;

  enum Incompat : std::uint64_t { kMixedGroups = 0x4, kMetadataUuid = 0x400 };
  enum RoCompat : std::uint64_t {
    kFreeSpaceTree = 0x1,
    kFreeSpaceTreeValid = 0x2,
    kBlockGroupTree = 0x8
  };
  enum Flag : std::uint64_t { kWritten = 0x1, kReloc = 0x2, kError = 0x4 };

  std::array<std::byte, kBytes> raw{};
  std::string label;
  std::string uuid;
  std::uint64_t offset = 0;  // where it says that it lies
  std::uint64_t flags = 0;
  std::uint64_t generation = 0;
  std::uint64_t root = 0;  // of the tree of tree roots
  std::uint64_t chunk_root = 0;
  std::uint64_t log_root = 0;  // 0: nothing to replay
  std::uint64_t chunk_root_generation = 0;
  std::uint8_t root_level = 0;
  std::uint8_t chunk_root_level = 0;
  std::uint8_t log_root_level = 0;
  std::uint64_t total_bytes = 0;  // of all devices
  std::uint64_t bytes_used = 0;   // by extents, each counted once
  std::uint64_t devices = 0;
  std::uint32_t sector_bytes = 0;
  std::uint32_t node_bytes = 0;
  std::uint64_t incompat = 0;
  std::uint64_t ro_compat = 0;
  std::uint64_t compat = 0;
  std::uint16_t checksum_type = 0;
  // Of this device.
  std::uint64_t device = 0;
  std::uint64_t device_bytes = 0;
  std::uint64_t device_used = 0;  // by chunks
  std::array<std::byte, 16> device_uuid{};
  std::array<std::byte, 16> node_uuid{};  // that every tree block carries

  // Nothing when the magic number is missing. Nothing else is checked.
  static std::optional<BtrfsSuper> decode(Bytes bytes);

  // Fails with the reason when any number is out of bounds, any flag unknown, the checksum wrong,
  // the device larger than the volume or not the only one.
  Result<void> check(std::uint64_t volume_bytes) const;

  bool has(Incompat flag) const { return (incompat & flag) != 0; }
  bool has(RoCompat flag) const { return (ro_compat & flag) != 0; }
  bool checksum_matches() const { return checksum_matches(raw); }
  // Of this or any tree block of the filesystem: over all that follows the 32 bytes of checksum.
  bool checksum_matches(Bytes block) const;
  // The chunks that hold the chunk tree: pairs of key and item.
  Bytes system_chunks() const;
};

}  // namespace drydock::fs
