// Programs run by tests: start one, feed it, read what it says, learn how it ended.
//
// Argument vectors only, no shell. A child gets its own process group and dies with the test
// program (PR_SET_PDEATHSIG), and a Process that goes out of scope kills and reaps what still runs,
// so a failing test leaves nothing behind. Test helpers throw std::runtime_error where the machine
// lets them down (no more pipes, no fork); how the program itself fared is a value. One thread at a
// time may use a Process.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drydock::test {

struct Command {
  std::vector<std::string> argv;                // argv[0] is looked up in PATH
  std::string input = {};                       // all of standard input; afterwards it is closed
  std::map<std::string, std::string> env = {};  // added to, or replacing parts of, our environment
  std::filesystem::path cwd = {};               // empty: ours
  std::chrono::seconds timeout{600};            // of run(); then SIGKILL and Outcome::timed_out
};

struct Outcome {
  int status = -1;  // exit status; -1 when a signal ended it; 127 when it could not be started
  int signal = 0;   // the signal that ended it, or 0
  bool timed_out = false;  // we killed it because the time was up
  std::string out;
  std::string err;

  bool ok() const { return status == 0; }
  std::string describe()
      const;  // one line on how it ended and the tail of its messages, for a failing test
};

// Runs a program to its end.
Outcome run(const Command& command);

// The same, throwing std::runtime_error with describe() unless it exits with 0. Returns standard
// output.
std::string must_run(const Command& command);

// Throws std::runtime_error: `what` failed, and errno says why.
[[noreturn]] void throw_errno(const std::string& what);

// True where `name` is found in PATH (or is an executable path).
bool have_program(std::string_view name);

class Process {
 public:
  // Starts the program. Command::input is written as far as the child takes it; unlike run(),
  // standard input stays open for write() until close_input(). Command::timeout is not looked at.
  explicit Process(const Command& command);
  ~Process();
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;

  pid_t pid() const { return pid_; }

  // Everything read so far. pump() adds to it; clear with take_out()/take_err().
  const std::string& out() const { return out_; }
  const std::string& err() const { return err_; }
  std::string take_out();
  std::string take_err();

  // Waits at most `wait` for output, reads all there is. False once both outputs are at their end.
  bool pump(std::chrono::milliseconds wait);

  // Writes all of `bytes` to standard input, reading output meanwhile. False if the child closed
  // it.
  bool write(std::string_view bytes);
  void close_input();

  // Sends a signal to the child's process group. Nothing happens once it has been reaped.
  void send_signal(int signal);

  // Still there? (reaps it if not)
  bool running();

  // Pumps until the program ended (and its output was read) or the time is up. Empty: still
  // running. The Outcome holds what out() and err() held.
  std::optional<Outcome> wait(std::chrono::milliseconds limit);

  // SIGKILL, reap.
  Outcome kill();

 private:
  void start(const Command& command);
  bool read_some(int& fd, std::string& into);
  Outcome outcome();

  pid_t pid_ = -1;
  int in_ = -1, out_fd_ = -1, err_fd_ = -1;
  std::optional<int> wait_status_;
  std::string out_, err_;
};

}  // namespace drydock::test
