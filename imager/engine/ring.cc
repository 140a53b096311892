#include "engine/ring.h"

#include <optional>

#include "engine/threads.h"

namespace drydock::engine {
namespace {

enum class State : std::uint8_t { empty, filled, working, worked };

class Ring {
 public:
  Ring(std::size_t slots, const Stages& stages, const Stop& stop)
      : stages_(stages), stop_(stop), states_(slots, State::empty) {}

  void produce() {
    for (std::uint64_t item = 0;; ++item) {
      const std::size_t slot = item % states_.size();
      if (!wait([&] { return states_[slot] == State::empty; })) return;
      const auto more = stages_.first(item, slot);
      if (!more) return end_with(more.error());
      const std::scoped_lock lock(mutex_);
      if (!*more) {
        count_ = item;
        changed_.notify_all();
        return;
      }
      states_[slot] = State::filled;
      changed_.notify_all();
    }
  }

  void work(unsigned worker) {
    for (;;) {
      std::size_t slot = 0;
      // Items are taken in order, so that the oldest is never left behind.
      const bool taken = wait(
          [&] {
            slot = next_work_ % states_.size();
            return states_[slot] == State::filled || next_work_ == count_;
          },
          [&] {
            if (next_work_ == count_) return false;
            states_[slot] = State::working;
            ++next_work_;
            return true;
          });
      if (!taken) return;
      const auto done = stages_.middle(worker, slot);
      if (!done) return end_with(done.error());
      set(slot, State::worked);
    }
  }

  void consume() {
    for (std::uint64_t item = 0;; ++item) {
      const std::size_t slot = item % states_.size();
      const bool there = wait([&] { return states_[slot] == State::worked || item == count_; },
                              [&] { return item != count_; });
      if (!there) return;
      const auto done = stages_.last(item, slot);
      if (!done) return end_with(done.error());
      set(slot, State::empty);
    }
  }

  void end_with(Error error) {
    const std::scoped_lock lock(mutex_);
    if (!error_) error_ = std::move(error);
    changed_.notify_all();
  }

  Result<void> result() {
    if (error_) return fail(std::move(*error_));
    return {};
  }

 private:
  static constexpr auto kTake = [] { return true; };

  // Waits until `ready`, then does `take` under the same lock and gives its answer; false when the
  // job ends early. Wakes up now and then: a stop request comes from a signal handler, which
  // cannot notify.
  bool wait(const std::function<bool()>& ready, const std::function<bool()>& take = kTake) {
    std::unique_lock lock(mutex_);
    for (;;) {
      if (!error_ && stop_.requested()) {
        error_ = cancelled("cancelled");
        changed_.notify_all();
      }
      if (error_) return false;
      if (ready()) break;
      changed_.wait_for(lock, std::chrono::milliseconds(100));
    }
    const bool taken = take();
    changed_.notify_all();
    return taken;
  }

  void set(std::size_t slot, State state) {
    const std::scoped_lock lock(mutex_);
    states_[slot] = state;
    changed_.notify_all();
  }

  const Stages& stages_;
  const Stop& stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<State> states_;
  std::uint64_t next_work_ = 0;
  std::uint64_t count_ = ~std::uint64_t{0};  // of items, once it is known
  std::optional<Error> error_;
};

}  // namespace

Result<void> run_ring(std::size_t slots, unsigned workers, const Stages& stages, const Stop& stop) {
  Ring ring(slots, stages, stop);
  Threads threads;
  bool started = threads.start([&] { ring.produce(); });
  for (unsigned i = 0; i < workers && started; ++i)
    started = threads.start([&ring, i] { ring.work(i); });
  if (!started)
    ring.end_with(
        environment_error("", "the system has no threads to give", "Use fewer --threads"));
  ring.consume();
  threads.join();
  return ring.result();
}

}  // namespace drydock::engine
