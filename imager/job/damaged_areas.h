#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/block_source.h"
#include "job/evaluation.h"

namespace drydock::sys {
class Machine;
}

namespace drydock::job {

struct DamagedAreas {
  std::vector<Area> areas;
  std::uint64_t left_out = 0;  // beyond a thousand
};

// The bad and slow places of a surface, cut at the edges of volumes, with the volume that each lies
// in and whether its filesystem uses it. Reads allocation maps, but only if there are such places.
DamagedAreas damaged_areas(sys::Machine& machine, const io::BlockSource& disk,
                           const std::string& path, const evaluate::Surface& surface);

}  // namespace drydock::job
