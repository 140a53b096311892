// A shell on the serial console of an emulated PC: run a command there, get its output and status.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "support/vm.h"

namespace drydock::test {

struct GuestOutcome {
  int status = -1;
  std::string out;  // what the command printed, lines ended by '\n'
};

class GuestShell {
 public:
  // The serial console must be at the prompt of a POSIX shell.
  explicit GuestShell(Vm& vm) : vm_(vm) {}

  // A command that may be followed by a semicolon. Waits for its end; what it prints must be text.
  GuestOutcome run(std::string_view command, std::chrono::seconds limit = kPatience);

  // The same for a command that has to succeed: throws std::runtime_error with its output
  // otherwise.
  std::string must_run(std::string_view command, std::chrono::seconds limit = kPatience);

 private:
  Vm& vm_;
};

}  // namespace drydock::test
