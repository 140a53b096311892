#include "io/fd.h"

#include <fcntl.h>

#include <cerrno>
#include <string_view>

namespace drydock::io {
namespace {

std::string_view open_hint(int os) {
  switch (os) {
    case ENOENT:
    case ENXIO:
    case ENODEV:
      return "\"imager list\" shows the drives of this computer";
    case EACCES:
    case EPERM:
      return ::geteuid() == 0 ? "This system forbids it, even to root" : "Run it as root";
    case EROFS:
      return "It is read-only, choose another place";
    case ENOMEDIUM:
      return "Insert a medium into the drive";
    default:
      return {};
  }
}

}  // namespace

Result<Fd> open_path(const std::string& path, int flags, unsigned mode) {
  while (true) {
    Fd fd(::open(path.c_str(), flags | O_CLOEXEC, mode));
    if (fd) return fd;
    if (errno == EINTR) continue;
    const int os = errno;
    // A failed open is a matter of the surroundings, also when a drive gives EIO for it.
    Error error = os_error(os, path, "cannot be opened", open_hint(os));
    error.code = Code::environment;
    return fail(std::move(error));
  }
}

Transferred read_fully(int fd, std::uint64_t offset, MutableBytes into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t n =
        ::pread(fd, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (n == 0) return {done, 0};
    if (n > 0)
      done += static_cast<std::size_t>(n);
    else if (errno != EINTR)
      return {done, errno};
  }
  return {done, 0};
}

Transferred write_fully(int fd, std::uint64_t offset, Bytes bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n =
        ::pwrite(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    // POSIX leaves a write of nothing open; ending as "full" is better than spinning.
    if (n == 0) return {done, ENOSPC};
    if (n > 0)
      done += static_cast<std::size_t>(n);
    else if (errno != EINTR)
      return {done, errno};
  }
  return {done, 0};
}

}  // namespace drydock::io
