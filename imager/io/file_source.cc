#include "io/file_source.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <format>

#include "base/checked.h"
#include "base/units.h"
#include "io/aligned_buffer.h"
#include "io/device_geometry.h"
#include "io/fd.h"

namespace drydock::io {
namespace {

// Reads of at least this size are bulk: what they brought into the page cache is dropped again.
constexpr std::size_t kBulk = 512 * kKiB;
constexpr std::size_t kReadBounce = 256 * kKiB;

class FileSource : public BlockSource {
 public:
  FileSource(std::string path, Fd fd, Fd direct, Geometry geometry, bool device)
      : path_(std::move(path)),
        fd_(std::move(fd)),
        direct_(std::move(direct)),
        geometry_(geometry),
        device_(device) {}

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return path_; }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override;
  ExtentMap data() const override;

 private:
  bool fits_direct(std::uint64_t offset, MutableBytes into) const;
  Result<void> read_bounced(std::uint64_t offset, MutableBytes into) const;
  Error failure(std::uint64_t offset, int os) const;

  std::string path_;
  Fd fd_;
  Fd direct_;  // none for files and where the kernel refuses O_DIRECT
  Geometry geometry_;
  bool device_;
};

bool FileSource::fits_direct(std::uint64_t offset, MutableBytes into) const {
  const std::uint32_t sector = geometry_.logical_sector;
  return direct_ && offset % sector == 0 && into.size() % sector == 0 &&
         is_aligned(into.data(), sector);
}

Error FileSource::failure(std::uint64_t offset, int os) const {
  // After a surprise removal the kernel reports ENODEV once and the end of the file from then on.
  if (os == 0 && device_) os = ENODEV;
  if (os == 0)
    return environment_error(path_,
                             std::format("ends at byte {} now, it became shorter while it "
                                         "was read",
                                         offset),
                             "Leave it alone while Drydock reads it and start again");
  if (os == ENODEV || os == ENXIO || os == ENOMEDIUM)
    return os_error(os, path_, "the drive no longer answers", "Check its cable and start again");
  return os_error(os, path_, std::format("cannot be read at byte {}", offset));
}

Result<void> FileSource::read_at(std::uint64_t offset, MutableBytes into) const {
  TRY(check_range(*this, offset, into.size()));
  if (fits_direct(offset, into)) {
    const Transferred got = read_fully(direct_.get(), offset, into);
    if (got.bytes == into.size()) return {};
    // EINVAL: a stricter demand on memory than the sector size; the page cache has none.
    if (got.os != EINVAL) return fail(failure(offset + got.bytes, got.os));
  }
  const Transferred got = read_fully(fd_.get(), offset, into);
  if (got.bytes == into.size()) {
    if (into.size() >= kBulk)
      ::posix_fadvise(fd_.get(), static_cast<off_t>(offset), static_cast<off_t>(into.size()),
                      POSIX_FADV_DONTNEED);
    return {};
  }
  if (direct_ && got.os != 0 && code_of_errno(got.os) == Code::unreadable)
    return read_bounced(offset + got.bytes, into.subspan(got.bytes));
  return fail(failure(offset + got.bytes, got.os));
}

// The sectors that hold the range, past the page cache.
Result<void> FileSource::read_bounced(std::uint64_t offset, MutableBytes into) const {
  const std::uint64_t sector = geometry_.logical_sector;
  AlignedBuffer bounce(kReadBounce);
  while (!into.empty()) {
    const std::uint64_t start = round_down(offset, sector);
    const std::uint64_t end =
        std::min(round_up(offset + into.size(), sector), start + bounce.size());
    const Transferred got = read_fully(direct_.get(), start,
                                       bounce.bytes().first(static_cast<std::size_t>(end - start)));
    if (got.bytes < end - start) return fail(failure(start + got.bytes, got.os));
    const auto skip = static_cast<std::size_t>(offset - start);
    const std::size_t part = std::min(into.size(), static_cast<std::size_t>(end - offset));
    std::ranges::copy(bounce.bytes().subspan(skip, part), into.begin());
    into = into.subspan(part);
    offset += part;
  }
  return {};
}

ExtentMap FileSource::data() const {
  if (device_) return ExtentMap::whole(geometry_.bytes);
  ExtentMap map;
  const auto size = static_cast<off_t>(geometry_.bytes);
  for (off_t at = 0; at < size;) {
    const off_t start = ::lseek(fd_.get(), at, SEEK_DATA);
    if (start < 0 && errno == ENXIO) return map;  // nothing but a hole from here on
    const off_t end = start < 0 ? -1 : ::lseek(fd_.get(), start, SEEK_HOLE);
    if (end <= start) return ExtentMap::whole(geometry_.bytes);  // the filesystem cannot tell
    if (start >= size) return map;
    map.add({static_cast<std::uint64_t>(start),
             static_cast<std::uint64_t>(std::min(end, size) - start)});
    at = end;
  }
  return map;
}

Result<void> check_kind(const std::string& path, mode_t mode) {
  if (S_ISREG(mode) || S_ISBLK(mode)) return {};
  const char* kind = S_ISDIR(mode)   ? "a folder"
                     : S_ISCHR(mode) ? "a character device"
                                     : "a pipe or a socket";
  return fail(bad_input(path, std::format("is {}, not a disk or a file", kind),
                        "Give a drive such as /dev/sda, or a file"));
}

}  // namespace

Result<std::unique_ptr<BlockSource>> open_file_source(const std::string& path) {
  // A pipe or a tape must not be opened at all: that may block or move it.
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0) TRY(check_kind(path, status.st_mode));
  Fd fd = TRY(open_path(path, O_RDONLY));
  if (::fstat(fd.get(), &status) != 0) return fail(os_error(errno, path, "cannot be examined"));
  TRY(check_kind(path, status.st_mode));
  if (!S_ISBLK(status.st_mode)) {
    const Geometry geometry{.bytes = static_cast<std::uint64_t>(status.st_size)};
    return std::make_unique<FileSource>(path, std::move(fd), Fd(), geometry, false);
  }
  const Geometry geometry = TRY(device_geometry(fd.get(), path));
  // The same device whatever became of the path in between.
  Fd direct(
      ::open(std::format("/proc/self/fd/{}", fd.get()).c_str(), O_RDONLY | O_DIRECT | O_CLOEXEC));
  return std::make_unique<FileSource>(path, std::move(fd), std::move(direct), geometry, true);
}

}  // namespace drydock::io
