#include "job/disk_map.h"

#include "disk/layout.h"
#include "fs/driver.h"
#include "io/slice.h"

namespace drydock::job {
namespace {

Layout whole_disk(std::uint64_t bytes) {
  Layout layout;
  layout.partitions.push_back(
      {.number = 0, .extent = {0, bytes}, .type_id = {}, .type = {}, .name = {}, .uuid = {}});
  return layout;
}

Volume whole_volume(const Partition& partition, std::string reason) {
  return {.partition = partition,
          .info = {},
          .whole_reason = std::move(reason),
          .used = ExtentMap::whole(partition.extent.length)};
}

Volume map_volume(const io::BlockSource& disk, const Partition& partition, bool all) {
  const io::SliceSource slice(disk, partition.extent);
  if (!all && partition.whole_reason.empty()) return fs::survey(slice, partition);
  Volume volume =
      whole_volume(partition, all ? "every block was asked for" : partition.whole_reason);
  volume.info = fs::identify(slice);
  return volume;
}

ExtentMap used_on_disk(const DiskMap& map, std::uint64_t bytes) {
  ExtentMap in_volumes;
  ExtentMap volumes;
  for (const Volume& volume : map.volumes) {
    volumes.add(volume.partition.extent);
    in_volumes = in_volumes.united(volume.used.shifted(volume.partition.extent.offset));
  }
  // Gaps between volumes belong to no filesystem that could call them free, so they are kept.
  return in_volumes.united(volumes.complement(bytes)).united(map.layout.table_areas);
}

}  // namespace

Result<DiskMap> map_disk(const io::BlockSource& disk, bool all) {
  const std::uint64_t bytes = disk.geometry().bytes;
  if (bytes == 0) return fail(bad_input(disk.name(), "is empty, there is nothing in it"));
  DiskMap map;
  auto layout = disk::read_layout(disk);
  if (!layout) {
    map.layout = whole_disk(bytes);
    map.layout.notes.push_back(layout.error().sentence());
    map.volumes.push_back(whole_volume(
        map.layout.partitions[0], "the partition table cannot be trusted: " + layout.error().what));
    map.used = ExtentMap::whole(bytes);
    return map;
  }
  map.layout = std::move(*layout);
  for (const Partition& partition : map.layout.partitions)
    map.volumes.push_back(map_volume(disk, partition, all));
  map.used = used_on_disk(map, bytes);
  return map;
}

}  // namespace drydock::job
