#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "base/stop.h"
#include "evaluate/latencies.h"
#include "io/block_source.h"

namespace drydock::evaluate {

// Sequential reading at a place of the disk.
struct SpeedPoint {
  std::uint64_t offset = 0;
  double bytes_per_second = 0;
};

// Reads of 4 KiB at random places of the whole disk.
struct RandomReads {
  unsigned depth = 1;  // reads under way at once
  double per_second = 0;
  Latencies latencies;
};

// How long it takes a disk to go some way and read there.
struct SeekPoint {
  std::uint64_t distance = 0;            // bytes
  std::chrono::microseconds typical{0};  // the median
};

struct Speed {
  std::vector<SpeedPoint> sequential;  // in the order of the disk
  std::vector<RandomReads> random;     // depth 1, then 32
  std::vector<SeekPoint> seeks;        // rotating disks only; growing distance
  std::uint64_t failed = 0;            // reads that gave no data and are left out
  bool ended_early = false;            // the drive went away, or the person stopped it
};

struct SpeedOptions {
  bool rotational = false;
  std::size_t points = 33;
  std::chrono::milliseconds time_a_point{700};  // at most, for one place
  std::chrono::milliseconds time_random{5000};  // for one depth
  Now now = steady_now;
};

// Measures with reads alone; takes less than 40 seconds. Read errors are left out.
Result<Speed> measure_speed(const io::BlockSource& disk, const SpeedOptions& options,
                            const Stop& stop);

// The middle one, or of an even number the lower of the two; 0 of nothing.
double median(std::vector<double> values);

}  // namespace drydock::evaluate
