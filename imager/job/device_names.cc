#include "job/device_names.h"

#include "base/text.h"

namespace drydock::job {

std::string partition_device(const std::string& disk, unsigned number) {
  if (number == 0) return disk;
  const bool digit = !disk.empty() && disk.back() >= '0' && disk.back() <= '9';
  return disk + (digit ? "p" : "") + std::to_string(number);
}

std::string drive_name(const Disk& disk) {
  const std::string model = printable(disk.id.model);
  const std::string serial = printable(disk.id.serial);
  if (serial.empty()) return model.empty() ? disk.path : model;
  return (model.empty() ? disk.path : model) + " (" + serial + ")";
}

}  // namespace drydock::job
