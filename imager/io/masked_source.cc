#include "io/masked_source.h"

#include <algorithm>

namespace drydock::io {

Result<void> MaskedSource::read_at(std::uint64_t offset, MutableBytes into) const {
  TRY(check_range(*this, offset, into.size()));
  const Extent window{offset, into.size()};
  std::ranges::fill(into, std::byte{0});
  for (const Extent& extent : shown_.touching(window)) {
    const Extent part = intersection(extent, window);
    TRY(whole_.read_at(part.offset, into.subspan(part.offset - offset, part.length)));
  }
  return {};
}

}  // namespace drydock::io
