#pragma once

#include "core/extent.h"
#include "io/block_source.h"

namespace drydock::io {

// A part of another source as a source of its own: a volume of a disk. The whole must outlive it.
class SliceSource : public BlockSource {
 public:
  // `part` must lie inside `whole`; a part beyond its end is cut there.
  SliceSource(const BlockSource& whole, Extent part);

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return whole_.name(); }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override;
  ExtentMap data() const override;

 private:
  const BlockSource& whole_;
  Extent part_;
  Geometry geometry_;
};

}  // namespace drydock::io
