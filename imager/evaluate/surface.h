#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/stop.h"
#include "core/extent_map.h"
#include "evaluate/finding.h"
#include "evaluate/latencies.h"
#include "io/block_source.h"

namespace drydock::evaluate {

// Told how far a measurement is, from the thread that runs it.
class Watcher {
 public:
  virtual ~Watcher() = default;
  // At byte `position` of the disk; `done` of `total` bytes or of anything else that grows evenly.
  virtual void moved(std::uint64_t position, std::uint64_t done, std::uint64_t total) = 0;
  virtual void unreadable(Extent extent) = 0;
};

// A part of the disk, of several hundred that are equally long.
struct Band {
  Extent extent;
  std::uint64_t bytes_read = 0;
  std::uint64_t bytes_bad = 0;
  std::chrono::nanoseconds time{0};  // that its reads took
  std::chrono::nanoseconds slowest{0};
};

// Why a scan ended before it had seen what it was to see.
enum class Cut { no, drive_gone, too_many_bad, stopped };

struct Surface {
  bool full = false;             // every byte was read, or was to be
  std::uint64_t bytes_read = 0;  // with success
  ExtentMap bad;                 // could not be read
  ExtentMap slow;                // could be read, but took half a second or more for a MiB
  Latencies latencies;           // of reads of a MiB that succeeded
  std::vector<Band> bands;       // in the order of the disk
  Cut cut = Cut::no;
  std::uint64_t cut_at = 0;  // where, in bytes
  std::chrono::milliseconds elapsed{0};
};

struct SurfaceOptions {
  bool full = false;                     // all of the disk instead of an even sample
  std::chrono::seconds sample_time{60};  // the sample ends after this
  std::uint64_t sample_blocks = 8192;    // or after so many reads of a MiB
  std::size_t bands = 240;
  std::size_t most_bad = 256;  // bad places after which reading on would only wear the drive
  Now now = steady_now;
};

// Reads the disk in blocks of a MiB: all of it from front to end, or in passes that each halve the
// distance between the samples, so that they are spread evenly whenever the time is up. A block
// that cannot be read is read again in parts of 64 KiB, once; what fails then is bad. Nothing is
// read a third time. Read errors and a drive that goes away are data; an Error is our own.
Result<Surface> scan_surface(const io::BlockSource& disk, const SurfaceOptions& options,
                             Watcher& watcher, const Stop& stop);

// What it means.
std::vector<Finding> judge_surface(const Surface& surface);

}  // namespace drydock::evaluate
