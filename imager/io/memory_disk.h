#pragma once

#include <vector>

#include "io/block_sink.h"
#include "io/block_source.h"

namespace drydock::io {

// A disk in memory, for tests and for small structures that are parsed like a disk.
class MemoryDisk : public BlockSource, public BlockSink {
 public:
  explicit MemoryDisk(std::uint64_t bytes, std::uint32_t sector = 512)
      : geometry_{bytes, sector, sector}, content_(bytes) {}
  explicit MemoryDisk(std::vector<std::byte> content, std::uint32_t sector = 512)
      : geometry_{content.size(), sector, sector}, content_(std::move(content)) {}

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return "memory"; }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override;
  Result<void> write_at(std::uint64_t offset, Bytes bytes) override;
  Result<void> zero_at(std::uint64_t offset, std::uint64_t length) override;
  Result<void> flush() override { return {}; }

  MutableBytes content() { return content_; }
  Bytes content() const { return content_; }

 private:
  Geometry geometry_;
  std::vector<std::byte> content_;
};

}  // namespace drydock::io
