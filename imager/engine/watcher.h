#pragma once

#include "core/extent.h"

namespace drydock::engine {

// Told what a pipeline does, from the thread that runs it.
class Watcher {
 public:
  virtual ~Watcher() = default;

  // Everything up to `disk_position` is through; `worked` bytes of it were read or written, the
  // image has `image_bytes` so far.
  virtual void moved(std::uint64_t disk_position, std::uint64_t worked,
                     std::uint64_t image_bytes) = 0;
  virtual void unreadable(Extent extent) = 0;
};

}  // namespace drydock::engine
