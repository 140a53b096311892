#include "fs/lvm_source.h"

#include <algorithm>

namespace drydock::fs {

LvmSource::LvmSource(const io::BlockSource& physical, const LvmVolume& volume)
    : physical_(physical), volume_(volume), geometry_(physical.geometry()) {
  geometry_.bytes = volume.bytes;
}

Extent LvmSource::piece(std::uint64_t offset, std::uint64_t length) const {
  const auto above = std::ranges::upper_bound(volume_.runs, offset, {}, &LvmRun::start);
  const LvmRun& run = *std::prev(above);
  const std::uint64_t inside = offset - run.start;
  if (run.areas.size() == 1) return {run.areas[0] + inside, std::min(length, run.length - inside)};
  const std::uint64_t stripe = inside / run.stripe_bytes;
  const std::uint64_t in_stripe = inside % run.stripe_bytes;
  const std::uint64_t turn = stripe / run.areas.size();
  return {run.areas[stripe % run.areas.size()] + turn * run.stripe_bytes + in_stripe,
          std::min(length, run.stripe_bytes - in_stripe)};
}

Result<void> LvmSource::read_at(std::uint64_t offset, MutableBytes into) const {
  TRY(io::check_range(*this, offset, into.size()));
  while (!into.empty()) {
    const Extent here = piece(offset, into.size());
    TRY(physical_.read_at(here.offset, into.first(here.length)));
    offset += here.length;
    into = into.subspan(here.length);
  }
  return {};
}

void LvmSource::each_place(Extent extent, const std::function<void(Extent place)>& visit) const {
  while (extent.length > 0) {
    const Extent here = piece(extent.offset, extent.length);
    visit(here);
    extent = {extent.offset + here.length, extent.length - here.length};
  }
}

void LvmSource::keep_on_physical(const ExtentMap& inner, UsedMap& used) const {
  for (const Extent& extent : inner.extents())
    each_place(extent, [&](Extent here) { used.keep(here.offset, here.length); });
}

}  // namespace drydock::fs
