#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

// What a full-screen front end needs of the machine beside jobs.
bool is_live_system(sys::Machine& machine);
std::vector<std::string> writable_devices(sys::Machine& machine);
Result<void> reboot(sys::Machine& machine);
Result<void> power_off(sys::Machine& machine);
Result<void> run_shell(sys::Machine& machine);

}  // namespace drydock::job
