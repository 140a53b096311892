#include "io/output_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <format>

#include "base/units.h"
#include "io/sync_folder.h"

namespace drydock::io {
namespace {

constexpr std::size_t kBuffer = kMiB;
// Written bytes are sent to the medium a window at a time and leave the page cache some windows
// later: progress is honest, the last sync short, and the cache keeps what others need.
constexpr std::uint64_t kWindow = 8 * kMiB;
constexpr std::uint64_t kLag = 4 * kWindow;
constexpr int kStandardOutput = 1;

Error environment(Error error) {
  error.code = Code::environment;
  return error;
}

bool same_file(int fd, const std::string& path) {
  struct stat opened{};
  struct stat named{};
  return ::fstat(fd, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

using Leftover = OutputFile::Leftover;

// The .part, locked; empty unless what it holds is kept.
Result<Fd> open_part(const std::string& part, Leftover leftover) {
  Fd fd = TRY(open_path(part, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0666));
  // A filesystem without locks (some network ones) cannot tell; the name alone must do there.
  const bool locked_out = ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  if (locked_out || !same_file(fd.get(), part))
    return fail(environment_error(part, "is being written by another run",
                                  "Wait for its end or choose another name"));
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0) return fail(os_error(errno, part, "cannot be examined"));
  if (!S_ISREG(status.st_mode)) return fail(bad_input(part, "is not an ordinary file"));
  if (leftover == Leftover::keep) return fd;
  if (status.st_size > 0 && leftover == Leftover::refuse)
    return fail(OutputFile::unfinished(part, static_cast<std::uint64_t>(status.st_size)));
  if (::ftruncate(fd.get(), 0) != 0) return fail(os_error(errno, part, "cannot be emptied"));
  return fd;
}

// rename(2) that never replaces anything. Where the filesystem cannot promise that, a look first
// has to do.
Result<void> rename_new(const std::string& from, const std::string& to) {
  constexpr unsigned kNoReplace = 1;  // RENAME_NOREPLACE, renameat2(2)
  if (::syscall(SYS_renameat2, AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), kNoReplace) == 0)
    return {};
  if (errno == EINVAL || errno == ENOSYS) {
    TRY(OutputFile::check_free(to));
    if (::rename(from.c_str(), to.c_str()) == 0) return {};
  }
  if (errno == EEXIST)
    return fail(environment_error(to, "appeared meanwhile and is not overwritten",
                                  "The complete image is " + from + ", give it another name"));
  return fail(environment(os_error(errno, from, "cannot be renamed to " + to,
                                   "The image is complete, rename it by hand")));
}

}  // namespace

Result<void> OutputFile::check_free(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return {};
  if (S_ISDIR(status.st_mode))
    return fail(bad_input(path, "is a folder, not a file", "Add the name the image shall get"));
  if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode))
    return fail(bad_input(path, "is a device, not a file",
                          "Give the name of a file; \"-\" stands for standard output"));
  return fail(environment_error(path, "exists already and is not overwritten",
                                "Choose another name, or delete it first"));
}

OutputFile::OutputFile(std::string path, std::string name, Fd fd, Options options)
    : path_(std::move(path)),
      name_(std::move(name)),
      fd_(std::move(fd)),
      options_(options),
      buffer_(kBuffer) {}

Result<std::unique_ptr<OutputFile>> OutputFile::create(const std::string& path, Options options) {
  if (path == "-") {
    if (::isatty(kStandardOutput) == 1)
      return fail(bad_input("standard output", "is a terminal, an image cannot be shown",
                            "Send it to a file or another program"));
    Fd fd(::fcntl(kStandardOutput, F_DUPFD_CLOEXEC, 3));
    if (!fd) return fail(os_error(errno, "standard output", "cannot be used"));
    return std::unique_ptr<OutputFile>(
        new OutputFile({}, "standard output", std::move(fd), options));
  }
  if (path.empty() || path.ends_with('/'))
    return fail(bad_input(path, "is not the name of a file", "Add the name the image shall get"));
  TRY(OutputFile::check_free(path));
  const std::string part = path + ".part";
  Fd fd = TRY(open_part(part, options.leftover));
  const off_t end = ::lseek(fd.get(), 0, SEEK_END);
  if (end < 0) return fail(os_error(errno, part, "cannot be examined"));
  auto file = std::unique_ptr<OutputFile>(new OutputFile(path, part, std::move(fd), options));
  file->written_ = file->aged_ = static_cast<std::uint64_t>(end);
  return file;
}

Error OutputFile::unfinished(const std::string& part, std::uint64_t bytes) {
  return environment_error(
      part, std::format("holds {} of an earlier run that did not finish", human_bytes(bytes)),
      "imager save --resume goes on with it. Delete it only if the drive it came from is still "
      "readable, or choose another name");
}

Result<void> OutputFile::cut(std::uint64_t bytes) {
  if (bytes > size() || filled_ != 0) return fail(our_bug(name_, "cut behind its end"));
  const auto end = static_cast<off_t>(bytes);
  if (::ftruncate(fd_.get(), end) != 0 || ::lseek(fd_.get(), end, SEEK_SET) != end)
    return fail(
        environment(os_error(errno, name_, "cannot be shortened", "Check the destination")));
  written_ = aged_ = bytes;
  return {};
}

Error OutputFile::failure(int os, std::size_t unwritten) const {
  const std::string kept =
      is_standard_output() ? "" : std::format("; {} stays, it is incomplete", name_);
  const std::uint64_t so_far = written_;
  if (os == ENOSPC || os == EDQUOT) {
    const std::uint64_t known = so_far + unwritten;
    const std::string missing =
        options_.expected_bytes > known
            ? "about " + human_bytes(options_.expected_bytes - so_far) + " more are needed"
            : "at least " + human_bytes(unwritten) + " more are needed";
    const char* why = os == ENOSPC ? "the destination is full" : "the disk quota is used up";
    return environment(os_error(os, name_,
                                std::format("{} after {}, {}", why, human_bytes(so_far), missing),
                                "Free that much or choose another destination" + kept));
  }
  if (os == EFBIG)
    return environment(os_error(
        os, name_, std::format("the destination holds no file larger than {}", human_bytes(so_far)),
        "Choose a destination with another filesystem than FAT" + kept));
  if (os == EPIPE)
    return environment(os_error(os, name_, "the program that takes the image has ended"));
  return environment(os_error(os, name_,
                              std::format("cannot be written after {}", human_bytes(so_far)),
                              "Check the destination" + kept));
}

Result<void> OutputFile::write_out(Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_.get(), bytes.data(), bytes.size());
    if (n > 0) {
      written_ += static_cast<std::uint64_t>(n);
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    } else if (n < 0 && errno == EAGAIN) {
      // Standard output that somebody made non-blocking.
      pollfd ready{fd_.get(), POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (n == 0 || errno != EINTR) {
      failed_ = true;
      return fail(failure(n == 0 ? ENOSPC : errno, bytes.size()));
    }
  }
  return age_cache();
}

// An error of the medium is reported once, to whoever waits first: a wait here must not swallow it.
Result<void> OutputFile::age_cache() {
  if (is_standard_output()) return {};
  for (; written_ - aged_ >= kWindow; aged_ += kWindow) {
    ::sync_file_range(fd_.get(), static_cast<off_t>(aged_), kWindow, SYNC_FILE_RANGE_WRITE);
    if (aged_ < kLag) continue;
    const auto old = static_cast<off_t>(aged_ - kLag);
    constexpr unsigned kWait =
        SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    if (::sync_file_range(fd_.get(), old, kWindow, kWait) != 0 && errno != ENOSYS &&
        errno != EINVAL && errno != ESPIPE) {
      failed_ = true;
      return fail(failure(errno, 0));
    }
    ::posix_fadvise(fd_.get(), old, kWindow, POSIX_FADV_DONTNEED);
  }
  return {};
}

Result<void> OutputFile::drain() {
  const std::size_t filled = std::exchange(filled_, 0);
  return write_out(buffer_.bytes().first(filled));
}

Result<void> OutputFile::append(Bytes bytes) {
  if (failed_) return fail(our_bug(name_, "written to after a failure"));
  while (!bytes.empty()) {
    if (filled_ == 0 && bytes.size() >= kBuffer) {
      const std::size_t direct = bytes.size() - bytes.size() % kBuffer;
      TRY(write_out(bytes.first(direct)));
      bytes = bytes.subspan(direct);
      continue;
    }
    const std::size_t part = std::min(bytes.size(), kBuffer - filled_);
    std::ranges::copy(bytes.first(part),
                      buffer_.bytes().begin() + static_cast<std::ptrdiff_t>(filled_));
    filled_ += part;
    bytes = bytes.subspan(part);
    if (filled_ == kBuffer) TRY(drain());
  }
  return {};
}

Result<void> OutputFile::finish() {
  TRY(seal());
  return publish();
}

Result<void> OutputFile::seal() {
  if (failed_) return fail(our_bug(name_, "finished after a failure"));
  TRY(drain());
  failed_ = true;  // nothing may follow, whatever comes of the rest
  // Pipes and some character devices have nothing to sync.
  if (::fsync(fd_.get()) != 0 && !(is_standard_output() && (errno == EINVAL || errno == EROFS)))
    return fail(failure(errno, 0));
  return {};
}

Result<void> OutputFile::publish() {
  if (is_standard_output()) return {};
  // The lock is held until the file has its name: another run may not take the .part meanwhile.
  TRY(rename_new(name_, path_));
  TRY(sync_folder_of(path_));
  // A network filesystem may tell of a lost write only now.
  if (::close(fd_.release()) != 0 && errno != EINTR)
    return fail(environment(os_error(errno, path_, "was not stored completely")));
  return {};
}

}  // namespace drydock::io
