#include "io/memory_disk.h"

#include <algorithm>

namespace drydock::io {

Result<void> MemoryDisk::read_at(std::uint64_t offset, MutableBytes into) const {
  TRY(check_range(static_cast<const BlockSource&>(*this), offset, into.size()));
  std::ranges::copy(Bytes(content_).subspan(offset, into.size()), into.begin());
  return {};
}

Result<void> MemoryDisk::write_at(std::uint64_t offset, Bytes bytes) {
  TRY(check_range(static_cast<const BlockSink&>(*this), offset, bytes.size()));
  std::ranges::copy(bytes, content_.begin() + static_cast<std::ptrdiff_t>(offset));
  return {};
}

Result<void> MemoryDisk::zero_at(std::uint64_t offset, std::uint64_t length) {
  TRY(check_range(static_cast<const BlockSink&>(*this), offset, length));
  std::ranges::fill(MutableBytes(content_).subspan(offset, length), std::byte{0});
  return {};
}

}  // namespace drydock::io
