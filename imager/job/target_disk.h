#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "core/consent.h"
#include "core/extent_map.h"
#include "core/geometry.h"
#include "disk/fit.h"
#include "io/block_sink.h"
#include "io/block_source.h"
#include "job/observer.h"
#include "job/plan.h"
#include "sys/machine.h"

namespace drydock::job {

// What is about to be overwritten with the content of another disk: restore and clone share this.

// What the target is as a disk, and what stands on it now, a line each. A file to be created has
// nothing.
struct TargetNow {
  Geometry geometry;
  std::vector<std::string> content;
};

// `source` is the disk whose content goes there: a file takes its geometry.
Result<TargetNow> look_at_target(sys::Machine& machine, const Target& target,
                                 const Geometry& source);

// Refuses what is mounted, held by a program, or read-only by a switch.
Result<void> check_target_free(sys::Machine& machine, const std::string& path);

// Makes the table of `disk` right for the target's size, or says why it does not go there. `disk`
// shows what is copied, and zeros elsewhere. What is changed and what cannot be is said in
// `summary`.
Result<disk::Fit> fit_to_target(const io::BlockSource& disk, const std::string& path,
                                const Geometry& target, Summary& summary);

// Where the target is not to be what the source, of that many bytes, holds: the patches, and what a
// smaller target lacks.
ExtentMap changed_by(const disk::Fit& fit, std::uint64_t source_bytes);

// The last writes: what differs from the source, then all that the drive still holds back.
Result<void> finish_target(io::BlockSink& target, const disk::Fit& fit, Observer& observer);

// Makes the kernel read the new table; where it does not, the report says so.
void reread_table(sys::Machine& machine, const std::string& path, Report& report);

// An error from the first write on leaves a target that must not be used, and says so.
Error partly_written(Error error, std::string_view verb);

// The target was written but does not hold what it should.
Error reads_back_differently(const std::string& path, const ExtentMap& different);

}  // namespace drydock::job
