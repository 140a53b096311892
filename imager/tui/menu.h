#pragma once

namespace drydock::sys {
class Machine;
}

namespace drydock::tui {

// The full-screen menu on the terminal of standard input and output; returns when the person quits
// or the terminal is gone, with the exit status of the program. Uses `machine` from a thread of its
// own, which has ended when this returns.
int run_menu(sys::Machine& machine);

}  // namespace drydock::tui
