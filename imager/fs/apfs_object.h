#pragma once

#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace drydock::fs {

// The header of every object of APFS (Apple File System Reference, "Objects").
struct ApfsObject {
  static constexpr std::size_t kBytes = 32;

  enum Type : std::uint16_t {
    kSuperblock = 0x1,
    kTree = 0x2,  // its root node
    kTreeNode = 0x3,
    kSpaceManager = 0x5,
    kCibAddresses = 0x6,
    kChunkInfo = 0x7,
    kFreeQueue = 0x9,
    kObjectMap = 0xB,
    kCheckpointMap = 0xC,
    kVolume = 0xD,
    kExtentTree = 0xF,
    kSnapshotTree = 0x10,
    kSnapshotMap = 0x13,
    kJumpstart = 0x14,
    kFileExtentTree = 0x1F,
  };

  std::uint64_t oid = 0;
  std::uint64_t xid = 0;
  std::uint16_t type = 0;
  std::uint16_t flags = 0;
  std::uint32_t subtype = 0;

  static ApfsObject decode(Bytes object);
};

// Whether an object, whole, has the Fletcher-64 checksum that its header tells.
bool apfs_checksum_matches(Bytes object);

// Sets it; for tests.
std::uint64_t apfs_checksum(Bytes object);

}  // namespace drydock::fs
