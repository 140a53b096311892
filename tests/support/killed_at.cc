#include "support/killed_at.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <vector>

namespace drydock::test {
namespace {

struct Call {
  unsigned long long number;
  const char* name;
};
constexpr std::array kCounted{
    Call{SYS_write, "write"},         Call{SYS_pwrite64, "pwrite64"},
    Call{SYS_writev, "writev"},       Call{SYS_ftruncate, "ftruncate"},
    Call{SYS_fsync, "fsync"},         Call{SYS_sync_file_range, "sync_file_range"},
    Call{SYS_rename, "rename"},       Call{SYS_renameat2, "renameat2"},
    Call{SYS_unlink, "unlink"},       Call{SYS_unlinkat, "unlinkat"},
    Call{SYS_fallocate, "fallocate"},
};

// At the entry of a call. What goes to standard output and error is not counted.
std::optional<std::string> counted(const user_regs_struct& registers) {
  if (registers.orig_rax == SYS_open && (registers.rsi & O_CREAT) != 0) return "open";
  if (registers.orig_rax == SYS_openat && (registers.rdx & O_CREAT) != 0) return "openat";
  for (const Call& call : kCounted) {
    if (registers.orig_rax != call.number) continue;
    const bool shown = (call.number == SYS_write || call.number == SYS_writev) && registers.rdi < 3;
    return shown ? std::nullopt : std::optional<std::string>(call.name);
  }
  return std::nullopt;
}

[[noreturn]] void become(const Command& command) {
  std::vector<char*> argv;
  for (const std::string& word : command.argv) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  for (const auto& [name, value] : command.env) ::setenv(name.c_str(), value.c_str(), 1);
  const int null = ::open("/dev/null", O_RDWR);
  for (const int fd : {0, 1, 2}) ::dup2(null, fd);
  ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

class Traced {
 public:
  explicit Traced(const Command& command) : pid_(::fork()) {
    if (pid_ < 0) throw_errno("fork");
    if (pid_ == 0) become(command);
    wait();  // for the SIGTRAP of execve(2)
    constexpr long kOptions = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD;
    if (!ended_ && ::ptrace(PTRACE_SETOPTIONS, pid_, nullptr, kOptions) != 0) throw_errno("ptrace");
  }
  ~Traced() {
    if (ended_) return;
    ::kill(pid_, SIGKILL);
    while (!ended_) wait();
  }
  Traced(const Traced&) = delete;
  Traced& operator=(const Traced&) = delete;

  bool ended() const { return ended_; }

  // On to the next entry or exit of a call; the registers at it, nothing at the program's end.
  std::optional<user_regs_struct> next() {
    while (!ended_) {
      ::ptrace(PTRACE_SYSCALL, pid_, nullptr, signal_);
      wait();
      constexpr int kCall = SIGTRAP | 0x80;
      if (ended_) break;
      signal_ = WSTOPSIG(status_) == kCall ? 0 : WSTOPSIG(status_);
      if (signal_ != 0) continue;
      user_regs_struct registers{};
      if (::ptrace(PTRACE_GETREGS, pid_, nullptr, &registers) == 0) return registers;
    }
    return std::nullopt;
  }

 private:
  void wait() {
    while (::waitpid(pid_, &status_, 0) < 0)
      if (errno != EINTR) throw_errno("waitpid");
    ended_ = WIFEXITED(status_) || WIFSIGNALED(status_);
  }

  pid_t pid_;
  int status_ = 0;
  int signal_ = 0;
  bool ended_ = false;
};

}  // namespace

std::optional<std::string> killed_at(const Command& command, std::size_t n) {
  Traced program(command);
  while (const auto entry = program.next()) {
    if (const auto call = counted(*entry))
      if (n-- == 0) return call;
    program.next();  // its exit
  }
  return std::nullopt;
}

std::optional<std::string> no_tracing() {
  try {
    killed_at({.argv = {"/bin/true"}}, 0);
    return std::nullopt;
  } catch (const std::runtime_error& error) {
    return std::string("programs cannot be traced: ") + error.what();
  }
}

}  // namespace drydock::test
