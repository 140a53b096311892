#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "core/extent.h"
#include "io/block_source.h"

namespace drydock::fs {

// The superblock: at offset 1024, and again in the last whole 4 KiB but one of the device. Segments
// of the same length follow each other from block 0 on; the first one's start is left out.
struct NilfsSuper {
  static constexpr std::uint64_t kAt = 1024;
  static constexpr std::size_t kBytes = 1024;

  std::uint32_t seed = 0;  // of checksums
  std::uint32_t block_bytes = 0;
  std::uint64_t segments = 0;
  std::uint64_t device_bytes = 0;
  std::uint64_t first_block = 0;
  std::uint64_t segment_blocks = 0;
  std::uint64_t checkpoint = 0;  // the newest one that it knows
  std::uint64_t last_log = 0;    // the log that has it: its block, and its segment's number in turn
  std::uint64_t last_sequence = 0;
  std::uint64_t free_blocks = 0;
  std::uint32_t state = 0;
  std::string uuid;
  std::string label;

  enum State : std::uint32_t { kClean = 1, kErrors = 2, kToBeResized = 4 };

  // The first one alone; nothing when it has no magic number: two bytes prove little, so the
  // revision and the length must fit, too.
  static Result<std::optional<NilfsSuper>> read(const io::BlockSource& volume);

  // Fails with the reason when Drydock must not trust it. Looks at both; the one with the newer
  // checkpoint is what a mount takes, and what is returned. The rest may be called only on that.
  Result<NilfsSuper> checked(const io::BlockSource& volume) const;

  std::uint64_t second_at() const { return (device_bytes / 4096 - 1) * 4096; }
  std::uint64_t blocks() const { return segments * segment_blocks; }
  bool in_segments(std::uint64_t block) const { return block >= first_block && block < blocks(); }
  std::uint64_t segment_of(std::uint64_t block) const { return block / segment_blocks; }
  std::uint64_t segment_start(std::uint64_t segment) const {
    return segment == 0 ? first_block : segment * segment_blocks;
  }
  std::uint64_t segment_end(std::uint64_t segment) const { return (segment + 1) * segment_blocks; }
  Extent segment_bytes(std::uint64_t segment) const {
    const std::uint64_t start = segment_start(segment) * block_bytes;
    return {start, segment_end(segment) * block_bytes - start};
  }

 private:
  static NilfsSuper decode(Bytes bytes);
  Result<void> check_sizes(std::uint64_t volume_bytes) const;
};

}  // namespace drydock::fs
