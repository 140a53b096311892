#include "job/disk_map.h"

#include "disk/layout.h"
#include "fs/driver.h"
#include "io/slice.h"
#include "job/device_names.h"

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

std::string whole_reason(const Partition& partition, bool all, const UserOf& user_of) {
  if (all) return std::string(kAllAskedFor);
  if (!partition.whole_reason.empty()) return partition.whole_reason;
  const std::string user = user_of ? user_of(partition) : std::string();
  return user.empty() ? user : "it may change while it is read: " + user;
}

Volume map_volume(const io::BlockSource& disk, const Partition& partition, std::string reason) {
  const io::SliceSource slice(disk, partition.extent);
  if (reason.empty()) return fs::survey(slice, partition);
  Volume volume = whole_volume(partition, std::move(reason));
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

Result<DiskMap> map_disk(const io::BlockSource& disk, bool all, const UserOf& user_of) {
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
    map.volumes.push_back(map_volume(disk, partition, whole_reason(partition, all, user_of)));
  map.used = used_on_disk(map, bytes);
  return map;
}

std::vector<VolumeRecord> volumes_on(const io::BlockSource& disk) {
  const auto layout = disk::read_layout(disk);
  std::vector<VolumeRecord> volumes;
  for (const Partition& partition :
       layout ? layout->partitions : whole_disk(disk.geometry().bytes).partitions) {
    VolumeRecord& volume = volumes.emplace_back();
    volume.partition = partition;
    volume.info = fs::identify(io::SliceSource(disk, partition.extent));
  }
  return volumes;
}

UserOf users_on(sys::Machine& machine, const std::string& path) {
  // Its own name, by whatever link it was called.
  const auto disk = machine.target(path, 0);
  const std::string name = disk ? disk->path : path;
  return [&machine, name](const Partition& partition) -> std::string {
    const std::string device = partition_device(name, partition.number);
    const auto own = machine.target(device, 0);
    // A partition of a file, or one that the kernel does not know, has the users of the whole.
    const bool known = own && !own->is_file;
    const auto users = machine.users(known ? device : name);
    return users && !users->empty() ? users->front() : std::string();
  };
}

}  // namespace drydock::job
