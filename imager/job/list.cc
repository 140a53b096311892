#include "disk/layout.h"
#include "fs/driver.h"
#include "io/slice.h"
#include "job/inspect.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

Result<void> look_into(sys::Machine& machine, ListedDisk& listed) {
  const auto source = TRY(machine.open_source(listed.disk.path));
  listed.layout = TRY(disk::read_layout(*source));
  for (const Partition& partition : listed.layout.partitions)
    listed.volumes.push_back(fs::identify(io::SliceSource(*source, partition.extent)));
  return {};
}

}  // namespace

Result<Listing> list(sys::Machine& machine) {
  std::vector<Disk> disks = TRY(machine.disks());
  Listing all;
  all.advice = machine.hidden_drive_advice(disks);
  for (Disk& disk : disks) {
    ListedDisk& listed = all.disks.emplace_back();
    listed.disk = std::move(disk);
    if (!listed.disk.medium_present) continue;
    listed.condition = machine.condition(listed.disk);
    // One drive that does not answer must not hide the others.
    const Result<void> looked = look_into(machine, listed);
    if (!looked) listed.problem = looked.error().sentence();
  }
  return all;
}

}  // namespace drydock::job
