#include "io/cut_sink.h"

#include "core/extent.h"

namespace drydock::io {

std::uint64_t CutSink::there(std::uint64_t offset, std::uint64_t length) const {
  return intersection({offset, length}, {0, inner_.geometry().bytes}).length;
}

Result<void> CutSink::write_at(std::uint64_t offset, Bytes bytes) {
  TRY(check_range(*this, offset, bytes.size()));
  const std::uint64_t length = there(offset, bytes.size());
  if (length == 0) return {};
  return inner_.write_at(offset, bytes.first(length));
}

Result<void> CutSink::zero_at(std::uint64_t offset, std::uint64_t length) {
  TRY(check_range(*this, offset, length));
  const std::uint64_t rest = there(offset, length);
  if (rest == 0) return {};
  return inner_.zero_at(offset, rest);
}

}  // namespace drydock::io
