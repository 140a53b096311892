#pragma once

#include <functional>

#include "fs/lvm_group.h"
#include "fs/used_map.h"
#include "io/block_source.h"

namespace drydock::fs {

// A logical volume as a source of its own, read through the runs it has on a physical volume. Both
// must outlive it; the volume has no reason to be kept whole.
class LvmSource : public io::BlockSource {
 public:
  LvmSource(const io::BlockSource& physical, const LvmVolume& volume);

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return physical_.name(); }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override;

  // Where the parts of an extent inside it lie on the physical volume, in order.
  void each_place(Extent extent, const std::function<void(Extent place)>& visit) const;
  // Keeps on the physical volume what `inner` has of this one.
  void keep_on_physical(const ExtentMap& inner, UsedMap& used) const;

 private:
  // The longest piece from `offset` on, up to `length`, that lies in one place.
  Extent piece(std::uint64_t offset, std::uint64_t length) const;

  const io::BlockSource& physical_;
  const LvmVolume& volume_;
  Geometry geometry_;
};

}  // namespace drydock::fs
