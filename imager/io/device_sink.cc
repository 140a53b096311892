#include "io/device_sink.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <format>

#include "base/checked.h"
#include "base/units.h"
#include "io/device_geometry.h"

namespace drydock::io {
namespace {

constexpr std::size_t kBounce = kMiB;

Error write_failure(const std::string& path, std::uint64_t offset, int os) {
  std::string_view hint = "The drive may be failing, try another one";
  if (os == EPERM || os == EROFS || os == EACCES) hint = "The drive is write-protected";
  if (os == ENODEV || os == ENXIO) hint = "The drive no longer answers, check its cable";
  Error error = os_error(os, path, std::format("cannot be written at byte {}", offset), hint);
  error.code = Code::environment;  // a bad sector of a target is no data, it ends the job
  return error;
}

Result<Fd> open_exclusively(const std::string& path) {
  Result<Fd> fd = open_path(path, O_RDWR | O_EXCL | O_DIRECT);
  if (!fd && fd.error().os == EINVAL) fd = open_path(path, O_RDWR | O_EXCL);
  if (!fd && fd.error().os == EBUSY)
    return fail(os_error(EBUSY, path,
                         "is in use: mounted, part of an array or a volume group, or "
                         "held by another program",
                         "Unmount it or end that program, then try again"));
  return fd;
}

}  // namespace

DeviceSink::DeviceSink(std::string path, Fd fd, Geometry geometry)
    : path_(std::move(path)), fd_(std::move(fd)), geometry_(geometry), bounce_(kBounce) {}

Result<std::unique_ptr<DeviceSink>> DeviceSink::open(const Consent& consent) {
  const Target& target = consent.target();
  struct stat status{};
  // Never created: with O_EXCL alone a missing node stays missing.
  Fd fd = TRY(open_exclusively(target.path));
  if (::fstat(fd.get(), &status) != 0 || !S_ISBLK(status.st_mode))
    return fail(bad_input(target.path, "is not a block device any more", "List the drives again"));
  const Geometry geometry = TRY(device_geometry(fd.get(), target.path));
  if (geometry.bytes != target.bytes)
    return fail(
        environment_error(target.path,
                          std::format("has {} bytes now, but the drive that was confirmed has {}",
                                      geometry.bytes, target.bytes),
                          "Another drive may have taken its name, list the drives again"));
  return std::unique_ptr<DeviceSink>(new DeviceSink(target.path, std::move(fd), geometry));
}

Result<void> DeviceSink::write_at(std::uint64_t offset, Bytes bytes) {
  TRY(check_range(*this, offset, bytes.size()));
  const std::uint32_t sector = geometry_.logical_sector;
  const bool direct = offset % sector == 0 && bytes.size() % sector == 0 &&
                      is_aligned(bytes.data(), kBufferAlignment);
  return direct ? write_sectors(offset, bytes) : write_bounced(offset, bytes);
}

Result<void> DeviceSink::write_sectors(std::uint64_t offset, Bytes bytes) {
  const Transferred put = write_fully(fd_.get(), offset, bytes);
  if (put.bytes < bytes.size()) return fail(write_failure(path_, offset + put.bytes, put.os));
  return {};
}

Result<void> DeviceSink::read_sector(std::uint64_t offset, MutableBytes into) {
  const Transferred got = read_fully(fd_.get(), offset, into);
  if (got.bytes < into.size())
    return fail(os_error(got.os == 0 ? ENODEV : got.os, path_,
                         std::format("cannot be read at byte {}", offset)));
  return {};
}

Result<void> DeviceSink::write_bounced(std::uint64_t offset, Bytes bytes) {
  const std::uint64_t sector = geometry_.logical_sector;
  while (!bytes.empty()) {
    const std::uint64_t start = round_down(offset, sector);
    const std::uint64_t end = std::min(round_up(offset + bytes.size(), sector), start + kBounce);
    const auto length = static_cast<std::size_t>(end - start);
    const auto head = static_cast<std::size_t>(offset - start);
    const std::size_t part = std::min(bytes.size(), length - head);
    const MutableBytes buffer = bounce_.bytes().first(length);
    if (head != 0) TRY(read_sector(start, buffer.first(sector)));
    if (head + part < length && (head == 0 || length > sector))
      TRY(read_sector(end - sector, buffer.last(sector)));
    std::ranges::copy(bytes.first(part), buffer.subspan(head).begin());
    TRY(write_sectors(start, buffer));
    bytes = bytes.subspan(part);
    offset += part;
  }
  return {};
}

// Unmapping with the promise of zeros first (the kernel refuses it where the device does not give
// that promise), then the device's own command to write zeros.
bool DeviceSink::zero_by_kernel(std::uint64_t offset, std::uint64_t length) {
  if (can_unmap_) {
    if (::fallocate(fd_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                    static_cast<off_t>(offset), static_cast<off_t>(length)) == 0)
      return true;
    can_unmap_ = false;
  }
  if (can_zero_) {
    std::uint64_t range[2] = {offset, length};
    if (::ioctl(fd_.get(), BLKZEROOUT, range) == 0) return true;
    can_zero_ = false;
  }
  return false;
}

Result<void> DeviceSink::zero_at(std::uint64_t offset, std::uint64_t length) {
  TRY(check_range(*this, offset, length));
  const std::uint64_t sector = geometry_.logical_sector;
  const std::uint64_t end = offset + length;
  const std::uint64_t first = std::min(round_up(offset, sector), end);
  const std::uint64_t last = std::max(round_down(end, sector), first);
  TRY(write_zeros(offset, first - offset));
  if (last > first && !zero_by_kernel(first, last - first)) TRY(write_zeros(first, last - first));
  return write_zeros(last, end - last);
}

Result<void> DeviceSink::write_zeros(std::uint64_t offset, std::uint64_t length) {
  if (length == 0) return {};
  AlignedBuffer zeros(std::min<std::size_t>(kBounce, round_up<std::size_t>(length, 512)));
  std::memset(zeros.data(), 0, zeros.size());
  while (length > 0) {
    const std::size_t part = std::min<std::uint64_t>(length, zeros.size());
    TRY(write_at(offset, zeros.bytes().first(part)));
    offset += part;
    length -= part;
  }
  return {};
}

Result<void> DeviceSink::flush() {
  if (::fsync(fd_.get()) != 0) {
    Error error = os_error(errno, path_, "did not confirm that everything is stored",
                           "Its content is not complete, try another drive");
    error.code = Code::environment;
    return fail(std::move(error));
  }
  return {};
}

}  // namespace drydock::io
