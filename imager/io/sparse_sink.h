#pragma once

#include "io/block_sink.h"

namespace drydock::io {

// Makes holes of what is all zero, for a file that shall take no more room than it must. The inner
// sink must outlive it.
class SparseSink : public BlockSink {
 public:
  explicit SparseSink(BlockSink& inner) : inner_(inner) {}

  const Geometry& geometry() const override { return inner_.geometry(); }
  std::string name() const override { return inner_.name(); }
  Result<void> write_at(std::uint64_t offset, Bytes bytes) override {
    return all_zero(bytes) ? inner_.zero_at(offset, bytes.size()) : inner_.write_at(offset, bytes);
  }
  Result<void> zero_at(std::uint64_t offset, std::uint64_t length) override {
    return inner_.zero_at(offset, length);
  }
  Result<void> flush() override { return inner_.flush(); }

 private:
  BlockSink& inner_;
};

}  // namespace drydock::io
