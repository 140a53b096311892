#include "cli/terminal_person.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdlib>
#include <fstream>

namespace drydock::cli {
namespace {

constexpr std::size_t kLongest = 4096;

// The terminal itself, whatever standard input and output are.
class Terminal {
 public:
  Terminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {}
  ~Terminal() {
    if (fd_ >= 0) ::close(fd_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  explicit operator bool() const { return fd_ >= 0; }
  int fd() const { return fd_; }

  void say(const std::string& text) const {
    [[maybe_unused]] const auto n = ::write(fd_, text.data(), text.size());
  }

  // A line without its end; nothing when the terminal is gone or the person typed Ctrl-D.
  Result<std::string> line() const {
    std::string text;
    for (char c = 0; text.size() < kLongest;) {
      const ssize_t n = ::read(fd_, &c, 1);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return fail(cancelled("Nothing was typed"));
      if (c == '\n') break;
      text += c;
    }
    return text;
  }

 private:
  int fd_;
};

class WithoutEcho {
 public:
  explicit WithoutEcho(int fd) : fd_(fd), changed_(::tcgetattr(fd, &before_) == 0) {
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (changed_) ::tcsetattr(fd_, TCSAFLUSH, &silent);
  }
  ~WithoutEcho() {
    if (changed_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  WithoutEcho(const WithoutEcho&) = delete;
  WithoutEcho& operator=(const WithoutEcho&) = delete;

 private:
  int fd_;
  termios before_{};
  bool changed_;
};

}  // namespace

Result<std::string> first_line_of(const std::string& path) {
  std::ifstream file(path);
  std::string line(kLongest, '\0');
  file.read(line.data(), kLongest);
  if (file.gcount() <= 0)
    return fail(environment_error(path, "cannot be read, or is empty",
                                  "Give a file with the password as its first line"));
  line.resize(std::min(static_cast<std::size_t>(file.gcount()), line.find('\n')));
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

void TerminalPerson::add_option(CLI::App& verb) {
  verb.add_option("--password-file", password_file_,
                  "A file whose first line is the password for a URL; else DRYDOCK_PASSWORD of the "
                  "environment, else it is asked for");
}

Result<std::string> TerminalPerson::password(const std::string& of) {
  if (!password_file_.empty()) return first_line_of(password_file_);
  if (const char* given = std::getenv("DRYDOCK_PASSWORD")) return std::string(given);
  const Terminal terminal;
  if (!terminal) return Nobody().password(of);
  terminal.say("Password of " + of + ": ");
  auto typed = [&] {
    const WithoutEcho silent(terminal.fd());
    return terminal.line();
  }();
  terminal.say("\n");
  return typed;
}

Result<void> TerminalPerson::confirm_key(const std::string& server,
                                         const std::string& fingerprint) {
  const Terminal terminal;
  if (!terminal) return Nobody().confirm_key(server, fingerprint);
  terminal.say(server + " is not known yet. Its key is\n  " + fingerprint +
               "\nCompare that with what the server itself shows. Is it the same (yes or no)? ");
  if (TRY(terminal.line()) == "yes") return {};
  return fail(cancelled("The server was not accepted"));
}

}  // namespace drydock::cli
