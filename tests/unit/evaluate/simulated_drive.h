// A drive whose every read takes the time that a test wants, by a clock of its own.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>

#include "evaluate/latencies.h"
#include "evaluate/surface.h"
#include "io/block_source.h"

namespace drydock::evaluate::test {

class SimulatedDrive : public io::BlockSource {
 public:
  explicit SimulatedDrive(std::uint64_t bytes) : geometry_{bytes, 512, 4096} {}

  // ---- set up by the test ----
  ExtentMap bad;                            // cannot be read, after two seconds
  ExtentMap slow;                           // takes a second a read
  std::optional<std::uint64_t> dies_after;  // reads, then it is gone
  std::chrono::nanoseconds a_read{1'000'000};

  // ---- what happened ----
  mutable std::uint64_t reads = 0;
  mutable std::map<std::uint64_t, int> times_read;  // by offset

  Now clock() const {
    return [this] { return now_; };
  }

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return "/dev/simulated"; }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override {
    TRY(io::check_range(*this, offset, into.size()));
    ++reads;
    ++times_read[offset];
    now_ += a_read;
    if (dies_after && reads > *dies_after)
      return fail(os_error(19, name(), "the drive no longer answers"));
    if (bad.intersects({offset, into.size()})) {
      now_ += std::chrono::seconds(2);
      return fail(os_error(5, name(), "cannot be read"));
    }
    if (slow.intersects({offset, into.size()})) now_ += std::chrono::seconds(1);
    return {};
  }

 private:
  Geometry geometry_;
  mutable std::chrono::nanoseconds now_{1};
};

struct Told : Watcher {
  void moved(std::uint64_t, std::uint64_t done, std::uint64_t total) override {
    never_back = never_back && done >= last && done <= total;
    last = done;
    of = total;
  }
  void unreadable(Extent extent) override { bad.add(extent); }

  bool never_back = true;
  std::uint64_t last = 0;
  std::uint64_t of = 0;
  ExtentMap bad;
};

}  // namespace drydock::evaluate::test
