#pragma once

#include <memory>
#include <string>

#include "core/consent.h"
#include "io/aligned_buffer.h"
#include "io/block_sink.h"
#include "io/fd.h"

namespace drydock::io {

// A block device that is written past the page cache. Whole sectors from aligned memory are
// written as they are, everything else is copied and, at its edges, completed by what the device
// holds.
class DeviceSink : public BlockSink {
 public:
  // Opens the device of the consent exclusively. Its size must be the one agreed to.
  static Result<std::unique_ptr<DeviceSink>> open(const Consent& consent);

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return path_; }
  Result<void> write_at(std::uint64_t offset, Bytes bytes) override;
  Result<void> zero_at(std::uint64_t offset, std::uint64_t length) override;
  Result<void> flush() override;

 private:
  DeviceSink(std::string path, Fd fd, Geometry geometry);

  Result<void> write_sectors(std::uint64_t offset, Bytes bytes);
  Result<void> write_bounced(std::uint64_t offset, Bytes bytes);
  Result<void> read_sector(std::uint64_t offset, MutableBytes into);
  Result<void> write_zeros(std::uint64_t offset, std::uint64_t length);
  bool zero_by_kernel(std::uint64_t offset, std::uint64_t length);

  std::string path_;
  Fd fd_;
  Geometry geometry_;
  AlignedBuffer bounce_;
  // Cleared when the device turns out not to know the command.
  bool can_unmap_ = true;
  bool can_zero_ = true;
};

}  // namespace drydock::io
