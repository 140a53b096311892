#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "core/extent_map.h"
#include "io/block_sink.h"
#include "io/block_source.h"

namespace drydock::io {

// What goes wrong with a faulty device.
struct Faults {
  ExtentMap unreadable = {};                     // reads that touch it fail with `os`
  int os = 5;                                    // EIO
  std::optional<std::uint64_t> dies_after = {};  // reads beyond this count fail with ENODEV
  std::optional<std::uint64_t> full_at = {};     // writes at or beyond this offset fail with ENOSPC
};

// A source that fails as a bad drive does. The inner source must outlive it.
class FaultySource : public BlockSource {
 public:
  FaultySource(const BlockSource& inner, Faults faults)
      : inner_(inner), faults_(std::move(faults)) {}

  const Geometry& geometry() const override { return inner_.geometry(); }
  std::string name() const override { return inner_.name(); }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override;
  ExtentMap data() const override { return inner_.data(); }
  std::uint64_t reads() const { return reads_; }

 private:
  const BlockSource& inner_;
  Faults faults_;
  mutable std::atomic<std::uint64_t> reads_ = 0;
};

// A sink that fails as a full or read-only one does. The inner sink must outlive it.
class FaultySink : public BlockSink {
 public:
  FaultySink(BlockSink& inner, Faults faults) : inner_(inner), faults_(std::move(faults)) {}

  const Geometry& geometry() const override { return inner_.geometry(); }
  std::string name() const override { return inner_.name(); }
  Result<void> write_at(std::uint64_t offset, Bytes bytes) override;
  Result<void> zero_at(std::uint64_t offset, std::uint64_t length) override;
  Result<void> flush() override { return inner_.flush(); }

 private:
  Result<void> check(std::uint64_t end) const;

  BlockSink& inner_;
  Faults faults_;
};

}  // namespace drydock::io
