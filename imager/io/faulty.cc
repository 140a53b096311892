#include "io/faulty.h"

#include <cerrno>

namespace drydock::io {

Result<void> FaultySource::read_at(std::uint64_t offset, MutableBytes into) const {
  const std::uint64_t count = ++reads_;
  if (faults_.dies_after && count > *faults_.dies_after)
    return fail(os_error(ENODEV, name(), "the drive no longer answers"));
  if (faults_.unreadable.intersects({offset, into.size()}))
    return fail(os_error(faults_.os, name(), "cannot be read"));
  return inner_.read_at(offset, into);
}

Result<void> FaultySink::check(std::uint64_t end) const {
  if (faults_.full_at && end > *faults_.full_at)
    return fail(os_error(ENOSPC, name(), "cannot be written"));
  return {};
}

Result<void> FaultySink::write_at(std::uint64_t offset, Bytes bytes) {
  TRY(check(offset + bytes.size()));
  return inner_.write_at(offset, bytes);
}

Result<void> FaultySink::zero_at(std::uint64_t offset, std::uint64_t length) {
  TRY(check(offset + length));
  return inner_.zero_at(offset, length);
}

}  // namespace drydock::io
