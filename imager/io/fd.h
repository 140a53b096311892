#pragma once

#include <unistd.h>

#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"

namespace drydock::io {

// A file descriptor with one owner, who closes it.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() { reset(); }
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void reset() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

// open(2), again after a signal; always close-on-exec. The error says for the usual reasons what
// the person can do.
Result<Fd> open_path(const std::string& path, int flags, unsigned mode = 0);

// How far a transfer came. errno of the call that ended it early, 0 at the end of the file.
struct Transferred {
  std::size_t bytes = 0;
  int os = 0;
};

// pread(2) and pwrite(2) until everything is transferred or something stops them.
Transferred read_fully(int fd, std::uint64_t offset, MutableBytes into);
Transferred write_fully(int fd, std::uint64_t offset, Bytes bytes);

}  // namespace drydock::io
