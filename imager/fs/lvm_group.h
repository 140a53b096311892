#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/extent_map.h"
#include "fs/lvm_label.h"

namespace drydock::fs {

// A run of a logical volume whose data lies in one or more areas on this physical volume, taken in
// turns of `stripe_bytes` where there is more than one. Bytes.
struct LvmRun {
  std::uint64_t start = 0;  // in the logical volume
  std::uint64_t length = 0;
  std::uint64_t stripe_bytes = 0;
  std::vector<std::uint64_t> areas;  // where on the physical volume
};

struct LvmVolume {
  std::string name;
  std::uint64_t bytes = 0;
  ExtentMap here;            // what of the physical volume is its
  std::vector<LvmRun> runs;  // all of it, in order, without gaps, when there is no reason below
  // Why all of it must be kept: it lies on other disks too, or is no plain volume.
  std::string whole_reason;
};

// A volume group as one of its physical volumes knows it: lvm2's metadata text, of which the
// versions 2.02.98 to 2.03.x write what is understood.
struct LvmGroup {
  std::string name;
  std::uint64_t extent_bytes = 0;
  Extent data;                     // the extents of this physical volume
  std::vector<LvmVolume> volumes;  // those that have some of it

  // Fails, for the whole physical volume, when anything stands there that Drydock does not know and
  // that may concern more than one logical volume, and when the text contradicts itself or `label`.
  static Result<LvmGroup> read(std::string_view text, const LvmLabel& label,
                               std::uint64_t volume_bytes);
};

}  // namespace drydock::fs
