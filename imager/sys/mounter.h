#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "sys/machine.h"
#include "sys/sys_tree.h"
#include "sys/write_gate.h"

namespace drydock::sys {

// Where everything that Drydock mounts is.
inline constexpr std::string_view kMountFolder = "/run/drydock/mnt/";

// Mounts volumes under a folder of Drydock's own (/run/drydock/mnt/sdb1) and unmounts just those.
class Mounter {
 public:
  // Both must outlive it.
  Mounter(const SysTree& tree, WriteGate& gate) : tree_(tree), gate_(gate) {}

  // See Machine::mounted_on.
  std::string mounted_on(const std::string& device) const;

  // See Machine::mount.
  Result<std::string> mount(const std::string& device, Access access);

  // See Machine::unmount. What somebody else mounted is synced and left as it is.
  Result<void> unmount(const std::string& point);

  // Everything that is still mounted, before the power goes.
  void unmount_all();

 private:
  Result<std::string> mount_new(const std::string& name, Access access);

  const SysTree& tree_;
  WriteGate& gate_;
};

}  // namespace drydock::sys
