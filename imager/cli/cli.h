#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/stop.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::cli {

// What the command line needs of the process it runs in.
struct Context {
  sys::Machine& machine;
  const Stop& stop;
  bool terminal = false;      // standard error is a terminal: draw a progress bar
  std::function<int()> menu;  // runs the full-screen menu
};

// Parses the arguments (without the program's name), runs the verb and gives the exit status.
int run(const std::vector<std::string>& arguments, Context& context);

}  // namespace drydock::cli
