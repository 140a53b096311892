#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>

namespace drydock::evaluate {

// A clock that never goes back. Tests have one of their own.
using Now = std::function<std::chrono::nanoseconds()>;
std::chrono::nanoseconds steady_now();

// How long reads took: a histogram of fixed size, exact to one part in 32, from 1 µs to an hour.
class Latencies {
 public:
  void add(std::chrono::nanoseconds latency);
  void add(const Latencies& other);

  std::uint64_t count() const { return count_; }
  // The time within which `share` (0 to 1) of the reads ended; 0 when there were none.
  std::chrono::microseconds percentile(double share) const;
  std::chrono::microseconds slowest() const { return slowest_; }

 private:
  static constexpr unsigned kFine = 32;  // buckets between a power of two and the next
  static constexpr unsigned kPowers = 33;

  static std::size_t bucket(std::uint64_t microseconds);
  static std::uint64_t upper_end(std::size_t bucket);

  std::array<std::uint64_t, std::size_t{kFine} * kPowers> counts_{};
  std::uint64_t count_ = 0;
  std::chrono::microseconds slowest_{0};
};

}  // namespace drydock::evaluate
