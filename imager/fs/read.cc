#include "fs/read.h"

#include <algorithm>
#include <cstring>
#include <format>

#include "base/checked.h"

namespace drydock::fs {

Result<std::vector<std::byte>> read_padded(const io::BlockSource& volume, std::uint64_t offset,
                                           std::size_t length) {
  std::vector<std::byte> bytes(length);
  const std::uint64_t size = volume.geometry().bytes;
  if (offset >= size) return bytes;
  const std::uint64_t inside = std::min<std::uint64_t>(length, size - offset);
  TRY(volume.read_at(offset, MutableBytes(bytes).first(inside)));
  return bytes;
}

Result<Bytes> Window::at(std::uint64_t offset, std::size_t length) {
  const bool held = offset >= start_ && offset - start_ <= held_.size() &&
                    length <= held_.size() - (offset - start_);
  if (held) return Bytes(held_).subspan(offset - start_, length);

  TRY(io::check_range(volume_, offset, length));
  const std::uint64_t start = round_down<std::uint64_t>(offset, 4096);
  const std::uint64_t end = std::min<std::uint64_t>(volume_.geometry().bytes, start + most_);
  start_ = start;
  if (offset + length <= end) {
    held_.resize(end - start);
    if (volume_.read_at(start_, held_)) return Bytes(held_).subspan(offset - start_, length);
  }
  // Longer than the window, or a bad sector in it that need not concern what was asked for.
  start_ = offset;
  held_.resize(length);
  Result<void> read = volume_.read_at(offset, held_);
  if (!read) {
    held_.clear();
    return fail(std::move(read.error()));
  }
  return Bytes(held_);
}

Error naming(Error error, std::string_view what) {
  if (error.code == Code::bad_input) {
    error.what = std::format("{}: {}", what, error.what);
  } else {
    const std::string cause = error.os != 0 ? std::strerror(error.os) : error.what;
    error.what = std::format("{} cannot be read ({})", what, cause);
  }
  return error;
}

Error doubt(std::string_view reason) {
  return bad_input({}, reason);
}

}  // namespace drydock::fs
