#pragma once

#include <atomic>

namespace drydock {

// A request to end early, made once by any thread or signal handler and polled by the workers.
// Outlives everything that polls it.
class Stop {
 public:
  void request() noexcept { requested_.store(true, std::memory_order_relaxed); }
  bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> requested_ = false;
  static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may set it");
};

}  // namespace drydock
