#include "tui/terminal/tty.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace drydock::tui {
namespace {

constexpr std::chrono::milliseconds kAnswerTime{400};

bool readable(int fd, std::chrono::milliseconds limit) {
  pollfd one{fd, POLLIN, 0};
  return poll(&one, 1, static_cast<int>(limit.count())) > 0;
}

winsize window() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) size = {};
  return size;
}

// Serial ports and the lines of virtual machines; pseudo-terminals and virtual consoles know their
// size.
bool serial_line() {
  const char* name = ttyname(STDOUT_FILENO);
  if (name == nullptr) return false;
  const std::string_view path(name);
  for (const std::string_view prefix : {"/dev/ttyS", "/dev/ttyUSB", "/dev/ttyACM", "/dev/hvc"})
    if (path.starts_with(prefix)) return true;
  return false;
}

}  // namespace

struct Tty::Saved {
  termios settings{};
};

Tty::Tty(const Profile& profile) : profile_(profile), saved_(std::make_unique<Saved>()) {}

Tty::Tty(Tty&& other) noexcept
    : profile_(other.profile_),
      saved_(std::move(other.saved_)),
      held_(std::exchange(other.held_, false)),
      asked_(other.asked_),
      gone_(other.gone_),
      early_(std::move(other.early_)) {}

Tty::~Tty() {
  release();
}

Result<Tty> Tty::open(const Profile& profile) {
  Tty tty(profile);
  if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0 ||
      tcgetattr(STDIN_FILENO, &tty.saved_->settings) != 0)
    return fail(bad_input("menu", "the menu needs a terminal for input and output",
                          "Run it without redirection; for scripts there are the other verbs"));
  tty.take();
  return tty;
}

void Tty::take() {
  if (held_) return;
  termios raw = saved_->settings;
  raw.c_iflag &= ~static_cast<tcflag_t>(BRKINT | ICRNL | INLCR | IGNCR | ISTRIP | IXON | PARMRK);
  raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  raw.c_oflag &= ~static_cast<tcflag_t>(OPOST);
  raw.c_cc[VMIN] = 0;
  raw.c_cc[VTIME] = 0;
  tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  held_ = true;
  if (profile_.alternate_screen) write("\x1b[?1049h");
  // No wrapping: the lower right cell can be written without scrolling.
  write("\x1b[?7l\x1b[?25l");
}

void Tty::release() {
  if (!held_) return;
  write("\x1b[0m\x1b[?7h\x1b[?25h");
  write(profile_.alternate_screen ? "\x1b[?1049l" : "\x1b[2J\x1b[H");
  tcsetattr(STDIN_FILENO, TCSADRAIN, &saved_->settings);
  held_ = false;
}

Size Tty::size() {
  const bool serial = serial_line();
  winsize known = window();
  if ((serial || known.ws_col == 0 || known.ws_row == 0) && !asked_) {
    asked_ = true;
    const Size told = ask_size();
    if (told.columns > 0 && told.rows > 0) {
      known.ws_col = static_cast<unsigned short>(told.columns);
      known.ws_row = static_cast<unsigned short>(told.rows);
      ioctl(STDOUT_FILENO, TIOCSWINSZ, &known);
    }
  }
  if (known.ws_col == 0 || known.ws_row == 0) return {};
  return {known.ws_col, known.ws_row};
}

Size Tty::ask_size() {
  write("\x1b[999;999H\x1b[6n");
  KeyDecoder decoder;
  const auto end = std::chrono::steady_clock::now() + kAnswerTime;
  while (decoder.reported().row == 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    if (left.count() <= 0 || !readable(STDIN_FILENO, left)) return {0, 0};
    std::array<char, 64> buffer;
    const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got <= 0) return {0, 0};
    const std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
    decoder.feed(bytes);
    early_ += bytes;
  }
  return {decoder.reported().column, decoder.reported().row};
}

void Tty::wait(int wake, std::chrono::milliseconds limit) {
  if (!early_.empty()) return;
  std::array<pollfd, 2> fds{{{STDIN_FILENO, POLLIN, 0}, {wake, POLLIN, 0}}};
  poll(fds.data(), fds.size(), static_cast<int>(limit.count()));
  if ((fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0) gone_ = true;
}

std::string Tty::read() {
  std::string bytes = std::exchange(early_, {});
  std::array<char, 256> buffer;
  while (readable(STDIN_FILENO, std::chrono::milliseconds(0))) {
    const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    // Readable, and yet nothing there: the other end hung up.
    if (got <= 0) {
      gone_ = true;
      break;
    }
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return bytes;
}

void Tty::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      gone_ = gone_ || (put < 0 && errno != EAGAIN);
      return;
    }
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
}

}  // namespace drydock::tui
