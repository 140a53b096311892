#include "job/drive_name.h"
#include "job/save.h"
#include "sys/machine.h"

namespace drydock::job {

std::string proposed_image_name(sys::Machine& machine, const std::string& source) {
  std::string name;
  if (const auto disks = machine.disks())
    for (const Disk& disk : *disks)
      if (disk.path == source) name = plain_name(disk.id.model);
  if (name.empty()) name = plain_name(source.substr(source.rfind('/') + 1));
  if (name.empty()) name = "disk";
  return name + "-" + machine.time_of("").substr(0, 10) + ".img.zst";
}

}  // namespace drydock::job
