#pragma once

#include "tui/jobs.h"
#include "tui/terminal/tty.h"

namespace drydock::tui {

// Runs the menu on a terminal until the person quits. False when it ended because the terminal was
// gone or the program was asked to end.
bool run_loop(Jobs& jobs, Tty& tty, const Profile& profile);

}  // namespace drydock::tui
