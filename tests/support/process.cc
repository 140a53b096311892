#include "support/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

extern char** environ;

namespace drydock::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct Pipe {
  int read = -1, write = -1;
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw_errno("pipe");
    read = ends[0];
    write = ends[1];
  }
};

void close_fd(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& extra) {
  std::vector<std::string> all;
  for (char** e = environ; *e != nullptr; ++e) {
    std::string_view entry = *e;
    if (!extra.contains(std::string(entry.substr(0, entry.find('='))))) all.emplace_back(entry);
  }
  for (const auto& [name, value] : extra) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (auto& s : strings) out.push_back(s.data());
  out.push_back(nullptr);
  return out;
}

std::string resolve(const std::string& name) {
  if (name.contains('/')) return name;
  const char* path = std::getenv("PATH");
  // An unprivileged PATH often lacks the folders that mkfs tools live in.
  const std::string folders =
      std::string(path != nullptr ? path : "/usr/bin:/bin") + ":/usr/sbin:/sbin";
  std::string_view rest = folders;
  while (true) {
    const auto colon = rest.find(':');
    const std::string candidate = std::string(rest.substr(0, colon)) + "/" + name;
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
    if (colon == std::string_view::npos) return {};
    rest.remove_prefix(colon + 1);
  }
}

// What the forked child does: only async-signal-safe calls, as other threads may hold locks.
[[noreturn]] void become(const char* program, char** argv, char** envp, const char* cwd, int in,
                         int out, int err, int report) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  if (dup2(in, 0) >= 0 && dup2(out, 1) >= 0 && dup2(err, 2) >= 0 &&
      (*cwd == '\0' || chdir(cwd) == 0)) {
    execve(program, argv, envp);
  }
  const int why = errno;
  [[maybe_unused]] auto n = ::write(report, &why, sizeof why);
  _exit(127);
}

std::string tail(const std::string& text) {
  constexpr std::size_t kMost = 2000;
  return text.size() <= kMost ? text : "…" + text.substr(text.size() - kMost);
}

}  // namespace

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::runtime_error(what + ": " + std::generic_category().message(errno));
}

std::string Outcome::describe() const {
  std::string how = timed_out     ? "killed after its time was up"
                    : signal != 0 ? "ended by signal " + std::to_string(signal)
                                  : "exit status " + std::to_string(status);
  if (!err.empty()) how += "\n--- standard error\n" + tail(err);
  if (!out.empty()) how += "\n--- standard output\n" + tail(out);
  return how;
}

bool have_program(std::string_view name) {
  const std::string path = resolve(std::string(name));
  return !path.empty() && access(path.c_str(), X_OK) == 0;
}

Process::Process(const Command& command) {
  start(command);
  if (!command.input.empty()) write(command.input);
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      in_(std::exchange(other.in_, -1)),
      out_fd_(std::exchange(other.out_fd_, -1)),
      err_fd_(std::exchange(other.err_fd_, -1)),
      wait_status_(std::exchange(other.wait_status_, std::nullopt)),
      out_(std::move(other.out_)),
      err_(std::move(other.err_)) {}

Process::~Process() {
  if (pid_ > 0 && !wait_status_) kill();
  close_fd(in_);
  close_fd(out_fd_);
  close_fd(err_fd_);
}

void Process::start(const Command& command) {
  ::signal(SIGPIPE, SIG_IGN);  // a child that closed its input is an EPIPE, not our end
  std::vector<std::string> args = command.argv;
  std::vector<std::string> environment = merged_environment(command.env);
  auto argv = pointers(args);
  auto envp = pointers(environment);
  const std::string program = args.empty() ? "" : resolve(args[0]);
  const std::string cwd = command.cwd.string();

  Pipe in, out, err, report;
  pid_ = fork();
  if (pid_ < 0) throw_errno("fork");
  if (pid_ == 0) {
    become(program.c_str(), argv.data(), envp.data(), cwd.c_str(), in.read, out.write, err.write,
           report.write);
  }
  setpgid(pid_, pid_);
  for (int* fd : {&in.read, &out.write, &err.write, &report.write}) close_fd(*fd);
  in_ = in.write;
  out_fd_ = out.read;
  err_fd_ = err.read;
  for (int fd : {in_, out_fd_, err_fd_}) fcntl(fd, F_SETFL, O_NONBLOCK);

  int why = 0;
  if (::read(report.read, &why, sizeof why) == sizeof why) {
    err_ = "cannot run " + (args.empty() ? "nothing" : args[0]) + ": " +
           std::generic_category().message(why) + "\n";
  }
  close_fd(report.read);
}

bool Process::read_some(int& fd, std::string& into) {
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n > 0) {
      into.append(buffer.data(), static_cast<std::size_t>(n));
    } else if (n < 0 && errno == EINTR) {
      continue;
    } else if (n < 0 && errno == EAGAIN) {
      return true;
    } else {
      close_fd(fd);
      return false;
    }
  }
}

bool Process::pump(milliseconds wait) {
  if (out_fd_ < 0 && err_fd_ < 0) return false;
  std::array<pollfd, 2> fds{{{out_fd_, POLLIN, 0}, {err_fd_, POLLIN, 0}}};
  if (poll(fds.data(), fds.size(), static_cast<int>(wait.count())) > 0) {
    if (fds[0].revents != 0) read_some(out_fd_, out_);
    if (fds[1].revents != 0) read_some(err_fd_, err_);
  }
  return out_fd_ >= 0 || err_fd_ >= 0;
}

bool Process::write(std::string_view bytes) {
  while (!bytes.empty() && in_ >= 0) {
    const ssize_t n = ::write(in_, bytes.data(), bytes.size());
    if (n > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    } else if (n < 0 && errno == EAGAIN) {
      std::array<pollfd, 3> fds{{{in_, POLLOUT, 0}, {out_fd_, POLLIN, 0}, {err_fd_, POLLIN, 0}}};
      poll(fds.data(), fds.size(), 1000);
      pump(milliseconds(0));
    } else if (!(n < 0 && errno == EINTR)) {
      close_fd(in_);
    }
  }
  return bytes.empty();
}

void Process::close_input() {
  close_fd(in_);
}

std::string Process::take_out() {
  return std::exchange(out_, {});
}
std::string Process::take_err() {
  return std::exchange(err_, {});
}

void Process::send_signal(int signal) {
  if (pid_ > 0 && !wait_status_) ::kill(-pid_, signal);
}

bool Process::running() {
  if (wait_status_) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  wait_status_ = status;
  return false;
}

Outcome Process::outcome() {
  Outcome o;
  const int s = wait_status_.value_or(0);
  if (WIFEXITED(s)) o.status = WEXITSTATUS(s);
  if (WIFSIGNALED(s)) o.signal = WTERMSIG(s);
  o.out = out_;
  o.err = err_;
  return o;
}

std::optional<Outcome> Process::wait(milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  while (running()) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return std::nullopt;
    // Output at its end says that the exit is near; a short sleep then stands in for a SIGCHLD.
    if (!pump(std::min(left, milliseconds(200)))) poll(nullptr, 0, 5);
  }
  pump(milliseconds(0));
  return outcome();
}

Outcome Process::kill() {
  if (running()) {
    send_signal(SIGKILL);
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    wait_status_ = status;
    pump(milliseconds(0));
  }
  return outcome();
}

Outcome run(const Command& command) {
  const auto deadline = Clock::now() + command.timeout;
  Process process(command);
  process.close_input();
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
  if (auto outcome = process.wait(std::max(left, milliseconds(0)))) return *outcome;
  Outcome outcome = process.kill();
  outcome.timed_out = true;
  return outcome;
}

std::string must_run(const Command& command) {
  Outcome outcome = run(command);
  if (outcome.ok()) return std::move(outcome.out);
  std::string line;
  for (const auto& arg : command.argv) line += (line.empty() ? "" : " ") + arg;
  throw std::runtime_error(line + ": " + outcome.describe());
}

}  // namespace drydock::test
