#include "io/file_sink.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <format>
#include <vector>

#include "base/units.h"
#include "io/device_sink.h"
#include "io/fd.h"
#include "io/sync_folder.h"

namespace drydock::io {
namespace {

class FileSink : public BlockSink {
 public:
  FileSink(std::string path, Fd fd, std::uint64_t bytes, std::uint64_t held)
      : path_(std::move(path)), fd_(std::move(fd)), geometry_{.bytes = bytes}, written_end_(held) {}

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return path_; }
  Result<void> write_at(std::uint64_t offset, Bytes bytes) override;
  Result<void> zero_at(std::uint64_t offset, std::uint64_t length) override;
  Result<void> flush() override;

 private:
  Error failure(std::uint64_t offset, int os) const;

  std::string path_;
  Fd fd_;
  Geometry geometry_;
  std::uint64_t written_end_;  // the file is one hole from here on
};

Error FileSink::failure(std::uint64_t offset, int os) const {
  std::string_view hint;
  if (os == ENOSPC || os == EDQUOT)
    hint = "The file's volume is full, free some space there or choose another one";
  Error error = os_error(os, path_, std::format("cannot be written at byte {}", offset), hint);
  error.code = Code::environment;
  return error;
}

Result<void> FileSink::write_at(std::uint64_t offset, Bytes bytes) {
  TRY(check_range(*this, offset, bytes.size()));
  const Transferred put = write_fully(fd_.get(), offset, bytes);
  written_end_ = std::max(written_end_, offset + put.bytes);
  if (put.bytes < bytes.size()) return fail(failure(offset + put.bytes, put.os));
  return {};
}

Result<void> FileSink::zero_at(std::uint64_t offset, std::uint64_t length) {
  TRY(check_range(*this, offset, length));
  if (offset >= written_end_) return {};
  length = std::min(length, written_end_ - offset);
  if (length == 0) return {};
  if (::fallocate(fd_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
                  static_cast<off_t>(length)) == 0)
    return {};
  const std::vector<std::byte> zeros(std::min<std::uint64_t>(length, kMiB));
  while (length > 0) {
    const std::size_t part = std::min<std::uint64_t>(length, zeros.size());
    TRY(write_at(offset, Bytes(zeros).first(part)));
    offset += part;
    length -= part;
  }
  return {};
}

Result<void> FileSink::flush() {
  if (::fsync(fd_.get()) != 0) {
    Error error = os_error(errno, path_, "was not stored completely");
    error.code = Code::environment;
    return fail(std::move(error));
  }
  return sync_folder_of(path_);
}

struct Locked {
  Fd fd;
  std::uint64_t bytes = 0;  // its size now
};

Result<Locked> open_locked(const std::string& path) {
  Fd fd = TRY(open_path(path, O_RDWR | O_CREAT | O_NONBLOCK, 0666));
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return fail(bad_input(path, "is not an ordinary file"));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return fail(environment_error(path, "is being written by another program",
                                  "Wait for its end or choose another file"));
  return Locked{std::move(fd), static_cast<std::uint64_t>(status.st_size)};
}

Error cannot_be_that_long(const std::string& path, std::uint64_t bytes) {
  return os_error(errno, path, std::format("cannot be made {} long", human_bytes(bytes)),
                  "Choose a filesystem that holds files of that size");
}

Result<std::unique_ptr<BlockSink>> open_file(const Target& target) {
  Locked file = TRY(open_locked(target.path));
  // Emptied first: what it held must not shine through where the image has nothing.
  if (::ftruncate(file.fd.get(), 0) != 0 ||
      ::ftruncate(file.fd.get(), static_cast<off_t>(target.bytes)) != 0)
    return fail(cannot_be_that_long(target.path, target.bytes));
  return std::make_unique<FileSink>(target.path, std::move(file.fd), target.bytes, 0);
}

}  // namespace

Result<std::unique_ptr<BlockSink>> open_file_sink(const Consent& consent) {
  if (consent.target().is_file) return open_file(consent.target());
  return TRY(DeviceSink::open(consent));
}

Result<std::unique_ptr<BlockSink>> open_kept_file(const std::string& path, std::uint64_t bytes) {
  Locked file = TRY(open_locked(path));
  if (file.bytes > bytes)
    return fail(bad_input(
        path, std::format("has {} bytes, more than the {} that belong there", file.bytes, bytes),
        "Choose another file"));
  if (::ftruncate(file.fd.get(), static_cast<off_t>(bytes)) != 0)
    return fail(cannot_be_that_long(path, bytes));
  return std::make_unique<FileSink>(path, std::move(file.fd), bytes, file.bytes);
}

}  // namespace drydock::io
