#pragma once

#include "base/result.h"
#include "rescue/mapfile.h"

namespace drydock::rescue {

// What was asked of the drive so far.
struct Reads {
  std::uint64_t all = 0;
  std::uint64_t failed = 0;

  bool operator==(const Reads&) const = default;
};

// Who looks on while a rescue runs. Called from its thread.
class Watcher {
 public:
  virtual ~Watcher() = default;

  // A pass begins, over part `domain` of the domains that were given.
  virtual void began(const Step& step, std::size_t domain) = 0;
  // After every read.
  virtual void moved(const Mapfile& rescue, const Reads& reads) = 0;
  // Puts the state on stable storage; everything that it calls finished is there already. An Error
  // ends the rescue.
  virtual Result<void> keep(const Mapfile& rescue) = 0;
};

}  // namespace drydock::rescue
