#include "unit/rescue/drive.h"

#include <algorithm>
#include <cerrno>

namespace drydock::rescue::test {
namespace {

// Calls with every sector's part of `bytes` and what all of it is.
template <class Function>
void each_sector(std::uint64_t offset, std::size_t length, const Function& function) {
  for (std::size_t done = 0; done < length;) {
    const std::uint64_t sector = (offset + done) / 512;
    const std::size_t part = std::min<std::size_t>(512 - (offset + done) % 512, length - done);
    // Never zero.
    function(done, part, static_cast<std::byte>((sector * 0x9E3779B97F4A7C15 >> 40) | 1));
    done += part;
  }
}

}  // namespace

bool Drive::holds(std::uint64_t offset, Bytes bytes) {
  bool right = true;
  each_sector(offset, bytes.size(), [&](std::size_t at, std::size_t part, std::byte value) {
    const Bytes held = bytes.subspan(at, part);
    right = right && std::ranges::count(held, value) == std::ssize(held);
  });
  return right;
}

bool Drive::fails(Extent extent) const {
  if (!ailment_.bad.intersects(extent)) return false;
  if (ailment_.gives_in_after == 0 || extent.length > geometry_.physical_sector) return true;
  return ++tried_alone_[extent.offset] <= ailment_.gives_in_after;
}

Result<void> Drive::read_at(std::uint64_t offset, MutableBytes into) const {
  TRY(check_range(*this, offset, into.size()));
  const Extent extent{offset, into.size()};
  log_.push_back(extent);
  if (ailment_.dies_after && reads_.all >= *ailment_.dies_after)
    return fail(os_error(ENODEV, name(), "the drive no longer answers", "Check its cable"));
  ++reads_.all;
  if (fails(extent)) {
    ++reads_.failed;
    now_ += std::chrono::seconds(2);
    return fail(os_error(EIO, name(), "cannot be read"));
  }
  now_ += std::chrono::nanoseconds(into.size() * 10);
  const ExtentMap slow = ailment_.slow.clipped(extent);
  now_ += std::chrono::seconds(slow.bytes() / geometry_.physical_sector);
  each_sector(offset, into.size(), [&](std::size_t at, std::size_t part, std::byte value) {
    std::ranges::fill(into.subspan(at, part), value);
  });
  return {};
}

unsigned Drive::reads_of(std::uint64_t offset) const {
  unsigned count = 0;
  for (const Extent& read : log_) count += read.offset <= offset && offset < read.end() ? 1U : 0U;
  return count;
}

}  // namespace drydock::rescue::test
