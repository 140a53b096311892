#include "rescue/rescued_source.h"

#include <format>

namespace drydock::rescue {

Result<void> RescuedSource::read_at(std::uint64_t offset, MutableBytes into) const {
  TRY(check_range(*this, offset, into.size()));
  const auto missing = unread_.touching({offset, into.size()});
  if (!missing.empty())
    return fail({Code::unreadable,
                 0,
                 name(),
                 std::format("was not rescued at byte {}", missing.front().offset),
                 {}});
  return copy_->read_at(offset, into);
}

}  // namespace drydock::rescue
