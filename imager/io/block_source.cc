#include "io/block_source.h"

#include <format>

namespace drydock::io {

Result<void> check_range(const BlockSource& source, std::uint64_t offset, std::uint64_t length) {
  const std::uint64_t bytes = source.geometry().bytes;
  if (offset <= bytes && length <= bytes - offset) return {};
  return fail(bad_input(source.name(), std::format("bytes {} to {} lie beyond its end at {}",
                                                   offset, offset + length, bytes)));
}

Result<std::vector<std::byte>> read_bytes(const BlockSource& source, std::uint64_t offset,
                                          std::size_t length) {
  // Before the allocation: a length that was read from a damaged disk must not ask for memory.
  TRY(check_range(source, offset, length));
  std::vector<std::byte> bytes(length);
  TRY(source.read_at(offset, bytes));
  return bytes;
}

}  // namespace drydock::io
