#include "job/destination.h"

#include <algorithm>
#include <array>

#include "job/device_names.h"
#include "job/inspect.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

bool can_be_mounted(std::string_view filesystem) {
  constexpr std::array<std::string_view, 15> kKnown = {
      "ext2", "ext3",  "ext4", "FAT12", "FAT16", "FAT32", "exFAT",   "NTFS",
      "XFS",  "Btrfs", "F2FS", "HFS+",  "HFSX",  "UDF",   "ISO 9660"};
  return std::ranges::contains(kKnown, filesystem);
}

// Why a volume that is not mounted cannot be. A mount is no obstacle, everything else is.
std::string obstacle(sys::Machine& machine, const std::string& device) {
  const auto reasons = machine.in_use(device);
  if (!reasons) return reasons.error().sentence();
  return reasons->empty() ? std::string() : reasons->front();
}

std::string unfit_because(sys::Machine& machine, const Destination& destination,
                          const std::string& without_disk) {
  if (destination.disk == without_disk) return "is on the same drive";
  if (destination.filesystem.empty()) return "holds nothing that Drydock knows";
  if (!can_be_mounted(destination.filesystem))
    return "holds " + destination.filesystem + ", where no files can be stored";
  return destination.mounted_on.empty() ? obstacle(machine, destination.device) : std::string();
}

Destination describe(sys::Machine& machine, const ListedDisk& listed, std::size_t index,
                     const std::string& without_disk) {
  const Partition& partition = listed.layout.partitions[index];
  const VolumeInfo& info = listed.volumes[index];
  Destination found;
  found.device = partition_device(listed.disk.path, partition.number);
  found.disk = listed.disk.path;
  found.disk_name = drive_name(listed.disk);
  found.filesystem = info.filesystem;
  found.label = info.label;
  found.bytes = partition.extent.length;
  found.free = info.free;
  found.mounted_on = machine.mounted_on(found.device);
  if (!found.mounted_on.empty())
    if (const auto storage = machine.storage(found.mounted_on)) found.free = storage->free;
  found.unfit = unfit_because(machine, found, without_disk);
  return found;
}

}  // namespace

Result<std::vector<Destination>> destinations(sys::Machine& machine,
                                              const std::string& without_disk) {
  const Listing listing = TRY(list(machine));
  std::vector<Destination> found;
  for (const ListedDisk& listed : listing.disks)
    for (std::size_t i = 0; i < listed.volumes.size(); ++i)
      found.push_back(describe(machine, listed, i, without_disk));
  return found;
}

Result<Destination> network_destination(std::string_view text) {
  Destination place;
  place.url = TRY(parse_url(text));
  if (place.url->scheme == Url::Scheme::volume)
    return fail(bad_input(text, "is a volume of this computer", "Choose it in the list"));
  place.device = place.url->text();
  place.filesystem = scheme_name(place.url->scheme);
  return place;
}

Result<std::string> open_destination(sys::Machine& machine, const Destination& destination,
                                     bool writable, Person& person) {
  const sys::Access access = writable ? sys::Access::read_write : sys::Access::read_only;
  if (destination.url) return machine.connect(*destination.url, person, access);
  return machine.mount(destination.device, access);
}

Result<void> close_destination(sys::Machine& machine, const std::string& folder) {
  return machine.unmount(folder);
}

}  // namespace drydock::job
