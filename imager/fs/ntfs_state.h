#pragma once

#include <string>

#include "fs/ntfs_volume.h"

namespace drydock::fs {

// What the $Volume file says.
struct NtfsFacts {
  std::string label;
  unsigned major = 0;
  unsigned minor = 0;
  std::uint16_t flags = 0;

  // Dirty, or chkdsk is at work on it.
  bool dirty() const { return (flags & 0x4001) != 0; }
};

Result<NtfsFacts> read_facts(const NtfsVolume& volume);

// True when every change in the log is in place: what is on the disk is all there is.
Result<bool> log_is_clean(const NtfsVolume& volume);

// True when the root folder holds the memory of a hibernated Windows (also: Fast Startup).
Result<bool> is_hibernated(const NtfsVolume& volume);

}  // namespace drydock::fs
