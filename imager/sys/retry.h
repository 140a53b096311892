#pragma once

#include <cerrno>
#include <chrono>
#include <thread>

namespace drydock::sys {

// Calls `call` until it gives 0 or fails with another errno than `transient`, for two seconds at
// most. Gives 0 or the errno.
template <class Call>
int retry_while(int transient, Call call) {
  constexpr int kTries = 20;
  for (int i = 1;; ++i) {
    if (call() == 0) return 0;
    if (errno != transient || i == kTries) return errno;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

}  // namespace drydock::sys
