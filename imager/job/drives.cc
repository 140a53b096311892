#include "job/console.h"
#include "sys/machine.h"

namespace drydock::job {

Result<std::vector<Disk>> drives(sys::Machine& machine) {
  return machine.disks();
}

}  // namespace drydock::job
