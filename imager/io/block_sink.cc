#include "io/block_sink.h"

#include <format>

namespace drydock::io {

Result<void> check_range(const BlockSink& sink, std::uint64_t offset, std::uint64_t length) {
  const std::uint64_t bytes = sink.geometry().bytes;
  if (offset <= bytes && length <= bytes - offset) return {};
  return fail(our_bug(sink.name(), std::format("a write of bytes {} to {} beyond its end at {}",
                                               offset, offset + length, bytes)));
}

}  // namespace drydock::io
