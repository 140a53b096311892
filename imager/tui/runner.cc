#include "tui/runner.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace drydock::tui {

Runner::Runner(Jobs& jobs)
    : wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      executor_(jobs, [this](Event event) { emit(std::move(event)); }),
      thread_([this] { work(); }) {}

Runner::~Runner() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    waiting_.clear();
    waiting_.emplace_back(CloseDestination{});
    if (stop_) stop_->request();
  }
  changed_.notify_all();
  thread_.join();
  close(wake_fd_);
}

void Runner::start(Effect effect) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(effect));
  }
  changed_.notify_all();
}

void Runner::stop() {
  const std::lock_guard lock(mutex_);
  if (stop_) stop_->request();
}

void Runner::drain() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.empty() && !stop_; });
}

void Runner::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const Effect effect = std::move(waiting_.front());
    waiting_.pop_front();
    const auto stop = std::make_shared<Stop>();
    stop_ = stop;
    lock.unlock();
    executor_.execute(effect, *stop);
    lock.lock();
    stop_.reset();
    changed_.notify_all();
  }
}

void Runner::emit(Event event) {
  {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
  }
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(wake_fd_, &one, sizeof one);
}

std::vector<Event> Runner::take() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = read(wake_fd_, &count, sizeof count);
  const std::lock_guard lock(mutex_);
  return std::exchange(events_, {});
}

}  // namespace drydock::tui
