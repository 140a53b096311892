#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/result.h"

namespace drydock::codec {

inline constexpr int kLowestLevel = 1;
inline constexpr int kHighestLevel = 19;  // beyond it memory grows out of proportion
inline constexpr int kDefaultLevel = 3;

// The largest frame that `raw` bytes can become.
std::size_t zstd_bound(std::size_t raw);

// One zstd context, made once and used for many frames; for one thread. The same input and level
// give the same frame whatever was compressed before (RFC 8878 frames with content size and
// checksum).
class ZstdCompressor {
 public:
  explicit ZstdCompressor(int level);

  // `out` must have zstd_bound(raw.size()) bytes. Returns the size of the frame.
  Result<std::size_t> compress(Bytes raw, MutableBytes out);

  // Bytes of memory a context takes for inputs of `raw` bytes.
  static std::uint64_t memory(int level, std::size_t raw);

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
  std::size_t setup_error_ = 0;
};

class ZstdDecompressor {
 public:
  ZstdDecompressor();

  // Exactly one frame that becomes exactly raw.size() bytes. The frame's own checksum is not
  // computed: whoever calls this has a stronger digest to compare.
  Result<void> decompress(Bytes frame, MutableBytes raw);

  static std::uint64_t memory();

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

}  // namespace drydock::codec
