#pragma once

#include <string>
#include <vector>

#include "core/geometry.h"

namespace drydock {

// By what a person recognises a drive. Empty where the drive does not tell.
struct DiskId {
  std::string model;
  std::string serial;
  std::string wwn;
  std::string bus;  // "NVMe", "SATA", "USB", "virtio", "SCSI", "MMC", "loop", "file"

  bool operator==(const DiskId&) const = default;
};

// A drive as the kernel shows it; nothing was read from its medium for this.
struct Disk {
  std::string path;  // "/dev/sda"
  DiskId id;
  Geometry geometry;
  bool removable = false;
  bool rotational = false;
  bool read_only = false;      // as the kernel has it now
  bool medium_present = true;  // false: an empty card reader or optical drive
  std::string controller;      // where it hangs: "0000:00:1f.2", empty if unknown
  // Why it must not be overwritten now: "/dev/sda2 is mounted on /home". Empty: free.
  std::vector<std::string> in_use;

  bool operator==(const Disk&) const = default;
};

}  // namespace drydock
