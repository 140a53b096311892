#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/manifest.h"
#include "engine/watcher.h"
#include "job/observer.h"

namespace drydock::job {

// Turns what a pipeline tells into events for an observer: not more than ten Progress a second,
// with a rate over the last seconds and the time that is left by it.
class Meter : public engine::Watcher {
 public:
  // `volumes` name the places of unreadable areas; both must outlive the meter.
  Meter(Observer& observer, std::string phase, std::uint64_t total,
        const std::vector<VolumeRecord>& volumes);
  ~Meter() override;

  void moved(std::uint64_t disk_position, std::uint64_t worked, std::uint64_t image_bytes) override;
  void unreadable(Extent extent) override;

 private:
  using Clock = std::chrono::steady_clock;

  void tell();

  Observer& observer_;
  const std::string phase_;
  const std::vector<VolumeRecord>& volumes_;
  Progress now_;
  Clock::time_point told_;
  Clock::time_point sampled_;
  std::uint64_t sampled_done_ = 0;
};

}  // namespace drydock::job
