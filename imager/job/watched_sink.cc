#include "job/watched_sink.h"

#include <format>

#include "base/units.h"

namespace drydock::job {
namespace {

std::string for_how_long(std::chrono::steady_clock::duration time) {
  return human_duration(std::chrono::duration_cast<std::chrono::seconds>(time));
}

}  // namespace

WatchedSink::WatchedSink(std::unique_ptr<io::ByteSink> sink, Observer& observer,
                         std::chrono::milliseconds patience)
    : sink_(std::move(sink)),
      observer_(observer),
      patience_(patience),
      thread_([this] { watch(); }) {}

WatchedSink::~WatchedSink() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

Result<void> WatchedSink::append(Bytes bytes) {
  enter();
  Result<void> done = sink_->append(bytes);
  leave();
  return done;
}

Result<void> WatchedSink::finish() {
  enter();
  Result<void> done = sink_->finish();
  leave();
  return done;
}

void WatchedSink::enter() {
  {
    const std::lock_guard lock(mutex_);
    busy_ = true;
    since_ = Clock::now();
  }
  changed_.notify_all();
}

void WatchedSink::leave() {
  const std::lock_guard lock(mutex_);
  busy_ = false;
  if (told_)
    observer_.on(
        Notice{"The destination answers again after " + for_how_long(Clock::now() - since_)});
  told_ = false;
}

void WatchedSink::watch() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    if (!busy_ || told_) {
      changed_.wait(lock);
      continue;
    }
    const auto until = since_ + patience_;
    if (Clock::now() < until) {
      changed_.wait_until(lock, until);
      continue;
    }
    told_ = true;
    observer_.on(Notice{std::format(
        "{} has taken nothing for {}. It is waited for; the job goes on by itself when it answers",
        sink_->name(), for_how_long(patience_))});
  }
}

}  // namespace drydock::job
