#include "io/slice.h"

namespace drydock::io {

SliceSource::SliceSource(const BlockSource& whole, Extent part)
    : whole_(whole),
      part_(intersection(part, {0, whole.geometry().bytes})),
      geometry_(whole.geometry()) {
  geometry_.bytes = part_.length;
}

Result<void> SliceSource::read_at(std::uint64_t offset, MutableBytes into) const {
  TRY(check_range(*this, offset, into.size()));
  return whole_.read_at(part_.offset + offset, into);
}

ExtentMap SliceSource::data() const {
  ExtentMap map;
  const ExtentMap data = whole_.data();
  for (const Extent& extent : data.touching(part_)) {
    const Extent inside = intersection(extent, part_);
    map.add({inside.offset - part_.offset, inside.length});
  }
  return map;
}

}  // namespace drydock::io
