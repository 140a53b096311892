#pragma once

#include "base/result.h"
#include "sys/machine.h"

namespace drydock::sys {

// Syncs and ends or restarts the computer by reboot(2), without asking any service: only for the
// live system. Does not return on success.
Result<void> end_power(Power what);

// $SHELL or /bin/sh on this terminal, which afterwards is as it was.
Result<void> run_shell();

}  // namespace drydock::sys
