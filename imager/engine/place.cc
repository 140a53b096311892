#include "engine/place.h"

namespace drydock::engine {

Result<void> place(io::BlockSink& target, const ExtentMap& captured, Extent extent, Bytes raw) {
  for (const Extent& wanted : captured.touching(extent)) {
    const Extent part = intersection(wanted, extent);
    const Bytes bytes =
        raw.empty() ? Bytes() : raw.subspan(part.offset - extent.offset, part.length);
    if (bytes.empty() || all_zero(bytes))
      TRY(target.zero_at(part.offset, part.length));
    else
      TRY(target.write_at(part.offset, bytes));
  }
  return {};
}

}  // namespace drydock::engine
