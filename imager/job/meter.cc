#include "job/meter.h"

#include <cmath>

#include "job/describe.h"

namespace drydock::job {
namespace {

constexpr std::chrono::milliseconds kTellEvery{100};
constexpr std::chrono::milliseconds kSampleEvery{500};
constexpr double kMemorySeconds = 4;  // how long a past rate counts

double seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

Meter::Meter(Observer& observer, std::string phase, std::uint64_t total,
             const std::vector<VolumeRecord>& volumes)
    : observer_(observer), phase_(std::move(phase)), volumes_(volumes) {
  now_.total = total;
  told_ = sampled_ = Clock::now();
  observer_.on(Began{phase_, total});
}

Meter::~Meter() {
  tell();
  observer_.on(Ended{phase_});
}

void Meter::moved(std::uint64_t disk_position, std::uint64_t worked, std::uint64_t image_bytes) {
  now_.position = disk_position;
  now_.done = worked;
  now_.stored = image_bytes;
  const auto time = Clock::now();
  if (const auto passed = time - sampled_; passed >= kSampleEvery) {
    const double rate = static_cast<double>(worked - sampled_done_) / seconds(passed);
    const double weight = now_.rate == 0 ? 1 : 1 - std::exp(-seconds(passed) / kMemorySeconds);
    now_.rate += (rate - now_.rate) * weight;
    sampled_ = time;
    sampled_done_ = worked;
  }
  if (time - told_ >= kTellEvery) tell();
}

void Meter::tell() {
  told_ = Clock::now();
  if (now_.rate > 0 && now_.total >= now_.done)
    now_.remaining =
        std::chrono::seconds(std::llround(static_cast<double>(now_.total - now_.done) / now_.rate));
  observer_.on(now_);
}

void Meter::unreadable(Extent extent) {
  observer_.on(Unreadable{extent, volume_at(volumes_, extent.offset)});
}

}  // namespace drydock::job
