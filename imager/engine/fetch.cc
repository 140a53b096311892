#include "engine/fetch.h"

#include <algorithm>

#include "base/checked.h"
#include "base/units.h"

namespace drydock::engine {
namespace {

// Reading through a short gap is cheaper than seeking over it; what was in the gap is zeroed
// afterwards, since unallocated bytes read as zeros in an image.
constexpr std::uint64_t kGapReadThrough = 64 * kKiB;

struct Reader {
  const io::BlockSource& source;
  Extent window;  // what `raw` stands for
  MutableBytes raw;
  ExtentMap& unreadable;

  MutableBytes part(Extent extent) const {
    return raw.subspan(extent.offset - window.offset, extent.length);
  }

  // One request; true when it worked, false when the medium is at fault.
  Result<bool> read(Extent extent) const {
    auto done = source.read_at(extent.offset, part(extent));
    if (done) return true;
    if (done.error().code == Code::unreadable) return false;
    return fail(std::move(done.error()));
  }

  // Halves a bad extent until only bad physical sectors are left.
  Result<void> read_around_damage(Extent extent) const {
    if (TRY(read(extent))) return {};
    const std::uint64_t sector = std::max<std::uint32_t>(source.geometry().physical_sector, 512);
    std::uint64_t middle = round_down(extent.offset + extent.length / 2, sector);
    if (middle <= extent.offset) middle = round_down(extent.offset, sector) + sector;
    if (middle >= extent.end()) {
      std::ranges::fill(part(extent), std::byte{0});
      unreadable.add(extent);
      return {};
    }
    TRY(read_around_damage({extent.offset, middle - extent.offset}));
    return read_around_damage({middle, extent.end() - middle});
  }
};

void zero_outside(const ExtentMap& kept, Extent window, MutableBytes raw) {
  std::uint64_t position = window.offset;
  const auto zero_to = [&](std::uint64_t end) {
    std::ranges::fill(raw.subspan(position - window.offset, end - position), std::byte{0});
  };
  for (const Extent& extent : kept.touching(window)) {
    const Extent inside = intersection(extent, window);
    zero_to(inside.offset);
    position = inside.end();
  }
  zero_to(window.end());
}

}  // namespace

Result<void> fetch(const io::BlockSource& source, const ExtentMap& captured, const ExtentMap& data,
                   Extent extent, MutableBytes raw, ExtentMap& unreadable) {
  const ExtentMap wanted = captured.clipped(extent).intersected(data.clipped(extent));
  const Reader reader{source, extent, raw, unreadable};
  const auto extents = wanted.extents();
  for (std::size_t i = 0; i < extents.size();) {
    std::size_t end = i + 1;
    while (end < extents.size() && extents[end].offset - extents[end - 1].end() <= kGapReadThrough)
      ++end;
    const Extent run{extents[i].offset, extents[end - 1].end() - extents[i].offset};
    if (!TRY(reader.read(run)))
      // A bad sector in a gap must not count: from here on only what is wanted is read.
      for (; i < end; ++i) TRY(reader.read_around_damage(extents[i]));
    i = end;
  }
  zero_outside(wanted, extent, raw);
  return {};
}

}  // namespace drydock::engine
