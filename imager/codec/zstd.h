#pragma once

#include <cstdint>
#include <memory>
#include <optional>

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

// The size of the frame, zstd's or skippable, at the start of `bytes`; 0: none that is whole.
std::size_t zstd_frame_bytes(Bytes bytes);

// What the frame's header says that it becomes; nothing where it does not say.
std::optional<std::uint64_t> zstd_content_bytes(Bytes frame);

class ZstdDecompressor {
 public:
  enum class Checksum { ignored, compared };

  // Ignored: by whom has a stronger digest to compare.
  explicit ZstdDecompressor(Checksum checksum = Checksum::ignored);

  // Exactly one frame that becomes exactly raw.size() bytes.
  Result<void> decompress(Bytes frame, MutableBytes raw);

  static std::uint64_t memory();

 private:
  struct Free {
    void operator()(void* context) const;
  };
  std::unique_ptr<void, Free> context_;
};

}  // namespace drydock::codec
