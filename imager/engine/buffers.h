#pragma once

#include <vector>

#include "io/aligned_buffer.h"

namespace drydock::engine {

// One a slot of the ring: the bytes of the disk and the bytes of the image.
struct SlotBuffers {
  io::AlignedBuffer raw;
  io::AlignedBuffer packed;

  MutableBytes raw_first(std::size_t bytes) { return raw.bytes().first(bytes); }
  MutableBytes packed_first(std::size_t bytes) { return packed.bytes().first(bytes); }
};

Result<std::vector<SlotBuffers>> make_buffers(std::size_t slots, std::size_t raw_bytes,
                                              std::size_t packed_bytes);

// How many slots keep `workers` busy while one chunk is being read and one written.
std::size_t slots_for(unsigned workers);

}  // namespace drydock::engine
