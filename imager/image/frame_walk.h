#pragma once

#include <cstdint>

#include "base/result.h"
#include "io/aligned_buffer.h"
#include "io/block_source.h"

namespace drydock::image {

// The frames of an image that has no index yet, in order, by their own headers: of each it is known
// that it is as long as it says, not what is in it. One thread.
class FrameWalk {
 public:
  // From byte `from` of the file, which must outlive the walk. A frame of more than `largest` bytes
  // is none of an image.
  static Result<FrameWalk> make(const io::BlockSource& file, std::uint64_t from,
                                std::size_t largest);

  // The next frame, until the next call. Empty from the first one on that is not whole: cut off, or
  // no frame at all, or on a medium that does not give it back.
  Result<Bytes> next();

  // Bytes of memory that a walk takes.
  static std::uint64_t memory(std::size_t largest);

 private:
  FrameWalk(const io::BlockSource& file, std::uint64_t from, std::size_t largest,
            io::AlignedBuffer buffer);
  Result<void> fill();

  const io::BlockSource* file_;
  std::uint64_t read_;  // of the file, up to here
  std::size_t largest_;
  io::AlignedBuffer buffer_;
  std::size_t begin_ = 0;  // of what is read and not yet given, in the buffer
  std::size_t end_ = 0;
  bool ended_ = false;
};

}  // namespace drydock::image
