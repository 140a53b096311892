#include "job/drive_at.h"

#include "sys/machine.h"

namespace drydock::job {

std::optional<Disk> drive_at(sys::Machine& machine, const std::string& path) {
  const auto target = machine.target(path, 0);
  auto disks = machine.disks();
  if (!target || target->is_file || !disks) return std::nullopt;
  for (Disk& disk : *disks)
    if (disk.path == target->path) return std::move(disk);
  return std::nullopt;
}

DiskId identity_at(sys::Machine& machine, const std::string& path) {
  const auto target = machine.target(path, 0);
  return target ? target->id : DiskId{};
}

}  // namespace drydock::job
