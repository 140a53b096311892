#include "job/damaged_areas.h"

#include <algorithm>

#include "job/describe.h"
#include "job/disk_map.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

constexpr std::size_t kMost = 1000;

Area::Use use_of(const Volume& volume, Extent extent) {
  if (!volume.used_block()) return Area::Use::unknown;
  const Extent inside{extent.offset - volume.partition.extent.offset, extent.length};
  if (volume.used.contains(inside)) return Area::Use::used;
  return volume.used.intersects(inside) ? Area::Use::partly : Area::Use::free;
}

// The places by the volumes they lie in; what no volume has stands for itself.
void add_areas(const DiskMap& map, const ExtentMap& places, bool bad, std::vector<Area>& areas) {
  ExtentMap rest = places;
  for (const Volume& volume : map.volumes) {
    for (const Extent& extent : places.clipped(volume.partition.extent).extents())
      areas.push_back(
          {extent, bad, describe_volume(volume.partition, volume.info), use_of(volume, extent)});
    rest = rest.subtracted(ExtentMap::from({volume.partition.extent}));
  }
  for (const Extent& extent : rest.extents())
    areas.push_back({extent, bad, "no partition", Area::Use::unknown});
}

}  // namespace

DamagedAreas damaged_areas(sys::Machine& machine, const io::BlockSource& disk,
                           const std::string& path, const evaluate::Surface& surface) {
  DamagedAreas found;
  if (surface.bad.empty() && surface.slow.empty()) return found;
  DiskMap map;
  // A drive that is gone has no map any more.
  if (surface.cut != evaluate::Cut::drive_gone)
    if (auto mapped = map_disk(disk, false, users_on(machine, path))) map = std::move(*mapped);
  add_areas(map, surface.bad, true, found.areas);
  add_areas(map, surface.slow, false, found.areas);
  std::ranges::sort(found.areas, {}, [](const Area& area) { return area.extent.offset; });
  if (found.areas.size() > kMost) {
    found.left_out = found.areas.size() - kMost;
    found.areas.resize(kMost);
  }
  return found;
}

}  // namespace drydock::job
