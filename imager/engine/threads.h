#pragma once

#include <pthread.h>

#include <functional>
#include <list>

#include "base/units.h"

namespace drydock::engine {

// Threads with a stack of a known size: musl's default of 128 KiB is too small for what zstd and
// the C++ runtime may need, glibc's 8 MiB would be a waste. Joined at the latest when destroyed.
class Threads {
 public:
  Threads() = default;
  ~Threads() { join(); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  static constexpr std::size_t kStackBytes = 512 * kKiB;

  // False when the system refuses.
  [[nodiscard]] bool start(std::function<void()> body);
  void join();

 private:
  struct Thread {
    pthread_t handle{};
    std::function<void()> body;
  };
  // A list: the bodies must not move while the threads run.
  std::list<Thread> threads_;
};

}  // namespace drydock::engine
