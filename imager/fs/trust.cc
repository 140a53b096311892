#include "fs/trust.h"

#include <format>

#include "base/checked.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {

Result<void> only_known(std::uint64_t flags, std::uint64_t understood, std::string_view set) {
  const std::uint64_t unknown = flags & ~understood;
  if (unknown == 0) return {};
  return fail(doubt(std::format("it uses {} that Drydock does not know (0x{:x})", set, unknown)));
}

Result<void> must_fit(std::uint64_t count, std::string_view units, std::uint64_t unit_bytes,
                      std::uint64_t volume_bytes) {
  const auto bytes = checked_mul(count, unit_bytes);
  if (bytes && *bytes <= volume_bytes) return {};
  return fail(doubt(std::format("it says that it has {} {} of {} bytes, more than the volume",
                                count, units, unit_bytes)));
}

Result<void> metadata_in_use(const ExtentMap& in_use, const ExtentMap& metadata,
                             std::string_view witness, std::string_view units,
                             std::uint64_t unit_bytes) {
  for (const Extent& extent : metadata.extents()) {
    if (in_use.contains(extent)) continue;
    return fail(doubt(std::format("{} call metadata free ({} {} to {})", witness, units,
                                  extent.offset / unit_bytes, (extent.end() - 1) / unit_bytes)));
  }
  return {};
}

ExtentMap with_outside(const ExtentMap& in_use, Extent area, std::uint64_t volume_bytes) {
  UsedMap outside(volume_bytes);
  outside.keep(0, area.offset);
  outside.keep(area.end(), volume_bytes - area.end());
  return in_use.united(std::move(outside).take());
}

void set_counts(VolumeInfo& info, std::uint64_t unit_bytes, std::uint64_t total,
                std::uint64_t free) {
  const auto bytes = checked_mul(total, unit_bytes);
  if (!bytes || free > total) return;
  info.total = *bytes;
  info.free = free * unit_bytes;
  info.used = info.total - info.free;
}

}  // namespace drydock::fs
