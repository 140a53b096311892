#include "sys/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

extern char** environ;

namespace drydock::sys {
namespace {

struct Pipe {
  io::Fd from;
  io::Fd to;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(os_error(errno, "", "no pipe can be made"));
  return Pipe{io::Fd(ends[0]), io::Fd(ends[1])};
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> out;
  // execve(2) takes char* for the sake of old programs and changes nothing.
  for (const std::string& word : words) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> with_ours(const std::vector<std::string>& environment) {
  std::vector<std::string> all = environment;
  for (char** entry = environ; *entry != nullptr; ++entry) all.emplace_back(*entry);
  return all;
}

// What the child begins with: our pipes as its standard streams, no signal ignored or blocked.
class Beginning {
 public:
  Beginning(int in, int out, int err) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, in, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, err, STDERR_FILENO);
    ::posix_spawnattr_init(&attributes_);
    sigset_t all;
    sigset_t none;
    ::sigfillset(&all);
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~Beginning() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  Beginning(const Beginning&) = delete;
  Beginning& operator=(const Beginning&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// False at the end.
bool take(int fd, std::string& into) {
  std::array<char, 4096> buffer;
  const ssize_t n = ::read(fd, buffer.data(), buffer.size());
  if (n < 0 && errno == EINTR) return true;
  if (n <= 0) return false;
  into.append(buffer.data(), static_cast<std::size_t>(n));
  return true;
}

}  // namespace

Result<Program> Program::start(const std::vector<std::string>& command,
                               const std::vector<std::string>& environment) {
  Pipe in = TRY(make_pipe());
  Pipe out = TRY(make_pipe());
  Pipe err = TRY(make_pipe());
  const Beginning beginning(in.from.get(), out.to.get(), err.to.get());
  const std::vector<std::string> all = with_ours(environment);
  Program program;
  const int os =
      ::posix_spawnp(&program.pid_, command[0].c_str(), beginning.actions(), beginning.attributes(),
                     pointers(command).data(), pointers(all).data());
  if (os != 0) {
    program.pid_ = -1;
    return fail(os_error(os, command[0], "cannot be started"));
  }
  program.input_ = std::move(in.to);
  program.output_ = std::move(out.from);
  program.errors_ = std::move(err.from);
  return program;
}

Program::Program(Program&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)) {}

Program::~Program() {
  if (pid_ < 0) return;
  input_.reset();
  ::kill(pid_, SIGTERM);
  wait();
}

int Program::wait() {
  int status = 0;
  while (pid_ >= 0 && ::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = -1;
  constexpr int kBySignal = 128;
  return WIFSIGNALED(status) ? kBySignal + WTERMSIG(status) : WEXITSTATUS(status);
}

Result<ProgramEnd> run_program(const std::vector<std::string>& command) {
  Program program = TRY(Program::start(command));
  program.close_input();
  ProgramEnd end;
  std::array<pollfd, 2> open{{{program.output(), POLLIN, 0}, {program.errors(), POLLIN, 0}}};
  while (open[0].fd >= 0 || open[1].fd >= 0) {
    if (::poll(open.data(), open.size(), -1) < 0 && errno != EINTR) break;
    if (open[0].revents != 0 && !take(open[0].fd, end.output)) open[0].fd = -1;
    if (open[1].revents != 0 && !take(open[1].fd, end.errors)) open[1].fd = -1;
  }
  end.status = program.wait();
  return end;
}

}  // namespace drydock::sys
