#include "sys/fake_disk.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/units.h"
#include "io/fd.h"
#include "io/file_source.h"
#include "io/slice.h"

namespace drydock::sys {
namespace {

class FakeSource : public io::BlockSource {
 public:
  FakeSource(FakeDiskFile disk, std::unique_ptr<io::BlockSource> whole)
      : disk_(std::move(disk)),
        whole_(std::move(whole)),
        part_(*whole_, disk_.part),
        faulty_(part_, disk_.faults) {}

  const Geometry& geometry() const override { return disk_.geometry; }
  std::string name() const override { return disk_.name; }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override {
    Result<void> read = faulty_.read_at(offset, into);
    if (!read) read.error().where = disk_.name;
    return read;
  }
  ExtentMap data() const override { return ExtentMap::whole(disk_.geometry.bytes); }

 private:
  FakeDiskFile disk_;
  std::unique_ptr<io::BlockSource> whole_;
  io::SliceSource part_;
  io::FaultySource faulty_;
};

class FakeSink : public io::BlockSink {
 public:
  FakeSink(FakeDiskFile disk, io::Fd fd) : disk_(std::move(disk)), fd_(std::move(fd)) {}

  const Geometry& geometry() const override { return disk_.geometry; }
  std::string name() const override { return disk_.name; }

  Result<void> write_at(std::uint64_t offset, Bytes bytes) override {
    TRY(check_range(*this, offset, bytes.size()));
    if (disk_.faults.full_at && offset + bytes.size() > *disk_.faults.full_at)
      return fail(os_error(ENOSPC, disk_.name, "cannot be written"));
    const io::Transferred put = io::write_fully(fd_.get(), disk_.part.offset + offset, bytes);
    if (put.bytes < bytes.size()) return fail(os_error(put.os, disk_.name, "cannot be written"));
    return {};
  }

  Result<void> zero_at(std::uint64_t offset, std::uint64_t length) override {
    const std::vector<std::byte> zeros(std::min(length, kMiB));
    while (length > 0) {
      const std::size_t part = std::min<std::uint64_t>(length, zeros.size());
      TRY(write_at(offset, Bytes(zeros).first(part)));
      offset += part;
      length -= part;
    }
    return {};
  }

  Result<void> flush() override { return {}; }

 private:
  FakeDiskFile disk_;
  io::Fd fd_;
};

}  // namespace

Result<std::unique_ptr<io::BlockSource>> open_fake_source(const FakeDiskFile& disk) {
  return std::make_unique<FakeSource>(disk, TRY(io::open_file_source(disk.file)));
}

Result<std::unique_ptr<io::BlockSink>> open_fake_sink(const FakeDiskFile& disk) {
  return std::make_unique<FakeSink>(disk, TRY(io::open_path(disk.file, O_RDWR)));
}

}  // namespace drydock::sys
