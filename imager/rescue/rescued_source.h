#pragma once

#include <memory>

#include "core/extent_map.h"
#include "io/block_source.h"

namespace drydock::rescue {

// A copy of a damaged drive as that drive: what was not rescued cannot be read (Code::unreadable),
// rather than being zeros that nobody wrote.
class RescuedSource : public io::BlockSource {
 public:
  // `unread` is what the map of the rescue does not call finished.
  RescuedSource(std::unique_ptr<io::BlockSource> copy, ExtentMap unread)
      : copy_(std::move(copy)), unread_(std::move(unread)) {}

  const Geometry& geometry() const override { return copy_->geometry(); }
  std::string name() const override { return copy_->name(); }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override;
  // A hole of the copy is zeros only where the drive said so.
  ExtentMap data() const override { return copy_->data().united(unread_); }

 private:
  std::unique_ptr<io::BlockSource> copy_;
  ExtentMap unread_;
};

}  // namespace drydock::rescue
