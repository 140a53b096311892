#pragma once

#include "io/block_sink.h"

namespace drydock::io {

// A sink as long as what is written to it, over one that may be shorter: what lies behind the end
// of the inner sink is dropped. For a restore to a smaller disk after it was proved that nothing of
// use is lost. The inner sink must outlive it.
class CutSink : public BlockSink {
 public:
  // `bytes`: the length that it shows, at least that of what will be written.
  CutSink(BlockSink& inner, std::uint64_t bytes) : inner_(inner), geometry_(inner.geometry()) {
    geometry_.bytes = bytes;
  }

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return inner_.name(); }
  Result<void> write_at(std::uint64_t offset, Bytes bytes) override;
  Result<void> zero_at(std::uint64_t offset, std::uint64_t length) override;
  Result<void> flush() override { return inner_.flush(); }

 private:
  // How much of the range the inner sink has.
  std::uint64_t there(std::uint64_t offset, std::uint64_t length) const;

  BlockSink& inner_;
  Geometry geometry_;
};

}  // namespace drydock::io
