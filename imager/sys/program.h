#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "io/fd.h"

namespace drydock::sys {

// Another program, talked to over pipes. In a session of its own: it has no terminal to ask on,
// and a Ctrl-C is not for it. Ended and waited for by the destructor.
class Program {
 public:
  // `command[0]` is looked up in PATH. `environment` ("NAME=VALUE") is added to ours.
  static Result<Program> start(const std::vector<std::string>& command,
                               const std::vector<std::string>& environment = {});
  ~Program();
  Program(Program&& other) noexcept;
  Program& operator=(Program&&) = delete;

  int input() const { return input_.get(); }    // to write to
  int output() const { return output_.get(); }  // to read from
  int errors() const { return errors_.get(); }
  void close_input() { input_.reset(); }

  // Waits for its end: the exit status, or 128 and the signal.
  int wait();

 private:
  Program() = default;

  pid_t pid_ = -1;
  io::Fd input_;
  io::Fd output_;
  io::Fd errors_;
};

struct ProgramEnd {
  int status = 0;
  std::string output;
  std::string errors;
};

// Runs a program to its end, with nothing on its standard input.
Result<ProgramEnd> run_program(const std::vector<std::string>& command);

}  // namespace drydock::sys
