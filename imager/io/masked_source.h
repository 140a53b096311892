#pragma once

#include "core/extent_map.h"
#include "io/block_source.h"

namespace drydock::io {

// A source of which only some areas are looked at: all others read as zeros, as they do from an
// image. Both must outlive it.
class MaskedSource : public BlockSource {
 public:
  MaskedSource(const BlockSource& whole, const ExtentMap& shown) : whole_(whole), shown_(shown) {}

  const Geometry& geometry() const override { return whole_.geometry(); }
  std::string name() const override { return whole_.name(); }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override;
  ExtentMap data() const override { return whole_.data().intersected(shown_); }

 private:
  const BlockSource& whole_;
  const ExtentMap& shown_;
};

}  // namespace drydock::io
