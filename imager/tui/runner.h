#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "tui/executor.h"

namespace drydock::tui {

// Carries out effects in a thread of its own, in order; the events that come of them wait to be
// taken. The destructor stops a running job, waits for it and closes what is open.
class Runner {
 public:
  explicit Runner(Jobs& jobs);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  void start(Effect effect);
  // Asks the effect that is being carried out to end early.
  void stop();
  // Waits until everything that was started is done.
  void drain();

  std::vector<Event> take();
  // Readable while there is something to take.
  int wake_fd() const { return wake_fd_; }

 private:
  void work();
  void emit(Event event);

  int wake_fd_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Effect> waiting_;
  std::vector<Event> events_;
  std::shared_ptr<Stop> stop_;  // of what is being carried out; null when nothing is
  bool ending_ = false;
  Executor executor_;
  std::thread thread_;
};

}  // namespace drydock::tui
