#include "engine/buffers.h"

namespace drydock::engine {

Result<std::vector<SlotBuffers>> make_buffers(std::size_t slots, std::size_t raw_bytes,
                                              std::size_t packed_bytes) {
  std::vector<SlotBuffers> buffers;
  buffers.reserve(slots);
  for (std::size_t i = 0; i < slots; ++i) {
    auto raw = TRY(io::AlignedBuffer::make(raw_bytes));
    auto packed = TRY(io::AlignedBuffer::make(packed_bytes));
    buffers.push_back({std::move(raw), std::move(packed)});
  }
  return buffers;
}

std::size_t slots_for(unsigned workers) {
  return workers + 3;
}

}  // namespace drydock::engine
