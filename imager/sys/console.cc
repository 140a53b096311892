#include "sys/console.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "io/fd.h"

namespace drydock::sys {
namespace {

// Keeps the terminal's settings and its foreground group over the life of another program.
class TerminalState {
 public:
  TerminalState()
      : saved_(::tcgetattr(kTerminal, &settings_) == 0), group_(::tcgetpgrp(kTerminal)) {
    // Taking the terminal back from the background would stop us otherwise.
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGTTOU, &ignore, &old_ttou_);
    ::sigaction(SIGINT, &ignore, &old_int_);
    ::sigaction(SIGQUIT, &ignore, &old_quit_);
    if (saved_) ::tcsetattr(kTerminal, TCSADRAIN, &sane());
  }
  ~TerminalState() {
    if (group_ > 0) ::tcsetpgrp(kTerminal, group_);
    if (saved_) ::tcsetattr(kTerminal, TCSADRAIN, &settings_);
    ::sigaction(SIGTTOU, &old_ttou_, nullptr);
    ::sigaction(SIGINT, &old_int_, nullptr);
    ::sigaction(SIGQUIT, &old_quit_, nullptr);
  }
  TerminalState(const TerminalState&) = delete;
  TerminalState& operator=(const TerminalState&) = delete;

  static constexpr int kTerminal = STDIN_FILENO;

 private:
  // Line mode with echo, as a shell expects it, whatever a full-screen program had set.
  const termios& sane() {
    sane_ = settings_;
    sane_.c_iflag |= ICRNL | IXON | BRKINT;
    sane_.c_oflag |= OPOST | ONLCR;
    sane_.c_lflag |= ICANON | ECHO | ECHOE | ECHOK | ISIG | IEXTEN;
    return sane_;
  }

  termios settings_{};
  termios sane_{};
  bool saved_;
  pid_t group_;
  struct sigaction old_ttou_{};
  struct sigaction old_int_{};
  struct sigaction old_quit_{};
};

// In the child: only calls that are safe after a fork in a program with threads.
[[noreturn]] void become_shell(const char* shell, bool terminal, int report) {
  ::setpgid(0, 0);
  if (terminal) ::tcsetpgrp(TerminalState::kTerminal, ::getpgrp());
  for (const int signal : {SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGXFSZ, SIGTTOU, SIGTTIN, SIGTSTP})
    ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execl(shell, shell, "-i", static_cast<char*>(nullptr));
  ::execl("/bin/sh", "sh", "-i", static_cast<char*>(nullptr));
  const int os = errno;
  [[maybe_unused]] const ssize_t n = ::write(report, &os, sizeof os);
  ::_exit(127);
}

}  // namespace

Result<void> end_power(Power what) {
  ::sync();
  ::reboot(what == Power::off ? RB_POWER_OFF : RB_AUTOBOOT);
  return fail(os_error(errno, "",
                       what == Power::off ? "the computer cannot be switched off"
                                          : "the computer cannot be restarted",
                       "Use its power button, nothing is being written"));
}

Result<void> run_shell() {
  const char* chosen = std::getenv("SHELL");
  const char* shell = chosen != nullptr && *chosen == '/' ? chosen : "/bin/sh";
  const bool terminal = ::isatty(TerminalState::kTerminal) == 1;
  // Closed by a successful exec; otherwise it brings the reason.
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(os_error(errno, shell, "cannot be started"));
  const io::Fd from(ends[0]);
  io::Fd to(ends[1]);
  const TerminalState keep;
  const pid_t child = ::fork();
  if (child < 0) return fail(os_error(errno, shell, "cannot be started"));
  if (child == 0) become_shell(shell, terminal, to.get());
  ::setpgid(child, child);
  to.reset();
  int os = 0;
  const bool failed = ::read(from.get(), &os, sizeof os) == sizeof os;
  while (::waitpid(child, nullptr, 0) < 0)
    if (errno != EINTR) return fail(os_error(errno, shell, "cannot be waited for"));
  if (failed) return fail(os_error(os, shell, "cannot be started"));
  return {};
}

}  // namespace drydock::sys
