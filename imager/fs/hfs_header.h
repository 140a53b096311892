#pragma once

#include <array>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "core/extent.h"

namespace drydock::fs {

// Allocation blocks that belong together (TN1150, "Fork Data Structure").
struct HfsExtent {
  std::uint32_t start = 0;
  std::uint32_t count = 0;
};
using HfsExtents = std::array<HfsExtent, 8>;

struct HfsFork {
  static constexpr std::size_t kBytes = 80;

  std::uint64_t bytes = 0;   // that mean something
  std::uint32_t blocks = 0;  // in all, also those that the extents overflow file names
  HfsExtents extents;        // the first eight

  static HfsFork decode(Bytes bytes);
};

HfsExtents decode_extents(Bytes bytes);  // 64 of them
std::uint64_t blocks_in(const HfsExtents& extents);

// The volume header of HFS Plus and HFSX (Apple Technical Note TN1150, "Volume Header"). Offsets
// and blocks count from the start of the HFS Plus volume, which may lie inside an HFS wrapper.
struct HfsHeader {
  static constexpr std::uint64_t kOffset = 1024;
  static constexpr std::size_t kBytes = 512;

  enum Attributes : std::uint32_t {
    kUnmounted = 1u << 8,
    kSparedBlocks = 1u << 9,
    kBootInconsistent = 1u << 11,
    kJournaled = 1u << 13,
    kInconsistent = 1u << 14,
  };

  bool extended = false;  // HFSX
  std::uint16_t version = 0;
  std::uint32_t attributes = 0;
  std::uint32_t journal_info_block = 0;
  std::uint32_t block_bytes = 0;
  std::uint32_t blocks = 0;
  std::uint32_t free_blocks = 0;
  std::string id;  // hex, empty when it has none
  HfsFork allocation, extents, catalog, attribute_file, startup;

  // Nothing when the signature is missing. Nothing else is checked.
  static std::optional<HfsHeader> decode(Bytes bytes);

  // Fails with the reason when any number is out of bounds, any attribute unknown, the state other
  // than clean or the filesystem larger than the volume.
  Result<void> check(std::uint64_t volume_bytes) const;

  // The part of it without which no block can be found.
  Result<void> check_blocks() const;

  bool has(Attributes flag) const { return (attributes & flag) != 0; }
  std::uint64_t total_bytes() const { return std::uint64_t{blocks} * block_bytes; }
  Extent bytes_of(HfsExtent extent) const {
    return {std::uint64_t{extent.start} * block_bytes, std::uint64_t{extent.count} * block_bytes};
  }
  bool inside(HfsExtent extent) const {
    return extent.start <= blocks && extent.count <= blocks - extent.start;
  }
};

// The master directory block of plain HFS (Inside Macintosh: Files, 2-60), in which an HFS Plus
// volume may be wrapped.
struct HfsMaster {
  std::string label;
  std::uint16_t attributes = 0;
  std::uint32_t block_bytes = 0;
  std::uint32_t blocks = 0;
  std::uint32_t free_blocks = 0;
  std::optional<Extent> embedded;  // the HFS Plus volume's bytes

  static std::optional<HfsMaster> decode(Bytes bytes);
};

}  // namespace drydock::fs
