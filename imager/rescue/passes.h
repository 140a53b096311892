#pragma once

#include <chrono>
#include <functional>
#include <span>

#include "base/result.h"
#include "base/stop.h"
#include "base/units.h"
#include "core/extent_map.h"
#include "io/block_sink.h"
#include "io/block_source.h"
#include "rescue/mapfile.h"
#include "rescue/watcher.h"

namespace drydock::rescue {

using Clock = std::chrono::steady_clock;

struct Settings {
  std::uint64_t sector = 512;         // the unit in which the medium fails
  std::uint64_t cluster = 64 * kKiB;  // how much is read at once; a multiple of `sector`
  unsigned retries = 0;               // passes over bad sectors at the end
  std::chrono::seconds keep_every{30};
  std::function<Clock::time_point()> now = [] { return Clock::now(); };
};

// Takes from `source` what it still gives, good parts first, by the strategy of GNU ddrescue
// (manual of version 1.27, "Algorithm"), and puts it at the same place of `copy`:
//
//   copying    pass 1, forwards: reads clusters; behind one that failed, and behind a slow area, it
//              skips, twice as far each time, until something is good again
//              pass 2, backwards: into what was skipped, up to the first failure
//              pass 3 and 4: what was skipped for slowness alone
//              pass 5: all the rest, without skipping
//   trimming   each failed area sector by sector from its front and from its back, up to a bad one
//   scraping   what is left between, sector by sector
//   retrying   bad sectors again, `retries` times, turning around after each pass
//
// So a sector is read at most twice, and once more in each retry. All of this is done for each of
// `domains` in turn, but for the retries, which come last; what is in none of them is not read.
//
// `rescue` is where to go on and, at any time, what has been done; its map is as long as the
// source. Bad sectors are data there and no errors. An Error is: a source that is gone, a copy that
// cannot be written, Code::cancelled. The state is kept then too, as far as the copy takes it.
//
// Memory: a cluster, and what the map needs (at most AreaMap::kMaxAreas runs).
Result<Reads> run(const io::BlockSource& source, io::BlockSink& copy, Mapfile& rescue,
                  std::span<const ExtentMap> domains, const Settings& settings, Watcher& watcher,
                  const Stop& stop);

// Where a map of another program has borders inside a sector, the parts of that sector that are not
// finished take the status of the one that has come least far: sectors are read whole.
void join_sectors(AreaMap& map, std::uint64_t sector);

// Whether anything but bad sectors is left to be done in `domain`.
bool unfinished(const AreaMap& map, const ExtentMap& domain);

}  // namespace drydock::rescue
