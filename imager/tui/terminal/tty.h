#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "tui/terminal/key_decoder.h"
#include "tui/terminal/profile.h"

namespace drydock::tui {

struct Size {
  int columns = 80;
  int rows = 24;

  bool operator==(const Size&) const = default;
};

// The terminal on standard input and output, in raw mode while it is held: no echo, no signals from
// keys, cursor hidden. One at a time; used by one thread.
class Tty {
 public:
  // Code::bad_input when input or output is not a terminal.
  static Result<Tty> open(const Profile& profile);
  Tty(Tty&& other) noexcept;
  Tty& operator=(Tty&&) = delete;
  ~Tty();

  // Gives the terminal back as it was found, and takes it again.
  void release();
  void take();

  // As the kernel knows it. A serial line does not know: the terminal is asked where its far corner
  // is (CSI 6n), and what it answers within a moment is told the kernel. 80 × 24 if nothing helps.
  Size size();
  // Asks a serial line's terminal again: another one may have been attached.
  void forget_size() { asked_ = false; }

  // Waits for keys, for `wake` (a file descriptor) or for the time to pass.
  void wait(int wake, std::chrono::milliseconds limit);
  // Bytes that have arrived, without waiting. `gone()` is true once there can be no more.
  std::string read();
  bool gone() const { return gone_; }
  void write(std::string_view bytes);

 private:
  explicit Tty(const Profile& profile);
  Size ask_size();

  struct Saved;
  Profile profile_;
  std::unique_ptr<Saved> saved_;  // the settings that were found
  bool held_ = false;
  bool asked_ = false;
  bool gone_ = false;
  std::string early_;  // keys that came while the size was asked
};

}  // namespace drydock::tui
