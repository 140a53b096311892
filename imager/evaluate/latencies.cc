#include "evaluate/latencies.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace drydock::evaluate {

std::chrono::nanoseconds steady_now() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

// Below kFine every microsecond has its own bucket; above, the five bits behind the highest one
// choose it.
std::size_t Latencies::bucket(std::uint64_t microseconds) {
  if (microseconds < kFine) return microseconds;
  const unsigned power = static_cast<unsigned>(std::bit_width(microseconds)) - 1;
  const unsigned shift = power - static_cast<unsigned>(std::bit_width(kFine) - 1);
  const std::uint64_t fine = (microseconds >> shift) - kFine;
  const std::size_t index = std::size_t{shift + 1} * kFine + fine;
  return std::min(index, std::size_t{kFine} * kPowers - 1);
}

std::uint64_t Latencies::upper_end(std::size_t bucket) {
  if (bucket < kFine) return bucket;
  const std::size_t shift = bucket / kFine - 1;
  return ((bucket % kFine + kFine + 1) << shift) - 1;
}

void Latencies::add(std::chrono::nanoseconds latency) {
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(latency);
  const std::uint64_t microseconds =
      whole.count() > 0 ? static_cast<std::uint64_t>(whole.count()) : 0;
  ++counts_[bucket(microseconds)];
  ++count_;
  slowest_ = std::max(slowest_, whole);
}

void Latencies::add(const Latencies& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  slowest_ = std::max(slowest_, other.slowest_);
}

std::chrono::microseconds Latencies::percentile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(
      std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (counts_[i] == 0 || seen < wanted) continue;
    const auto end = std::chrono::microseconds(static_cast<std::int64_t>(upper_end(i)));
    return std::min(end, slowest_);
  }
  return std::chrono::microseconds(0);
}

}  // namespace drydock::evaluate
