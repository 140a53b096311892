#pragma once

#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "base/result.h"

namespace drydock::image {

// One frame of data: where it stands in the file and on the disk follows from the sum of the
// sizes before it.
struct FrameEntry {
  std::uint32_t packed = 0;         // bytes in the file
  std::uint32_t raw = 0;            // bytes on the disk
  std::uint64_t packed_digest = 0;  // XXH3-64 of the bytes in the file
  Digest raw_digest;                // of the bytes on the disk; all zero for a zero frame

  bool zero() const { return raw_digest == Digest{}; }
  bool operator==(const FrameEntry&) const = default;
};

// 32 bytes of memory and of file a frame.
using Index = std::vector<FrameEntry>;

// XXH3-128 over the digests and sizes of all frames: the digest of the whole disk that does not
// need its unallocated space to be hashed (docs/format.md §5).
Digest whole_digest(const Index& index);

std::vector<std::byte> index_body(const Index& index);
Result<Index> parse_index(Bytes body);

// The seek table of the zstd seekable format over the manifest frame, all data frames and the two
// trailing frames, whose sizes are given.
std::vector<std::byte> seek_table(const Index& index, std::uint32_t manifest_bytes,
                                  std::uint32_t maps_bytes, std::uint32_t index_bytes);

}  // namespace drydock::image
