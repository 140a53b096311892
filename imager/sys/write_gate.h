#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "sys/sys_tree.h"

namespace drydock::sys {

// The kernel's read-only flag of block devices (BLKROSET). In the live system every device has it
// from its first uevent on; this sets it again before Drydock reads a device, and lifts it from the
// one that a confirmed plan names. On any other system all of it does nothing: there the flags are
// not ours.
//
// A disk's flag covers its partitions, so a writable partition needs a writable disk; the other
// partitions then have flags of their own. What somebody holds exclusively (a mount, a target of
// another run) keeps its flag: it was put there on purpose. Names are the kernel's.
class WriteGate {
 public:
  // `tree` must outlive it.
  WriteGate(const SysTree& tree, bool live) : tree_(tree), live_(live) {}

  // Read-only, and so is the disk of a partition. An Error means that the device must not be used.
  Result<void> shut(const std::string& name);

  // Writable, with nothing beside it becoming so. Code::environment when a switch of the drive
  // itself forbids it.
  Result<void> open(const std::string& name);

 private:
  const SysTree& tree_;
  bool live_;
};

// Devices whose flag is off, by path. Of a disk with some read-only partitions only the others are
// named, of any other disk the disk itself. Drives without a medium and idle devices are left out.
std::vector<std::string> writable_devices(const SysTree& tree);

}  // namespace drydock::sys
