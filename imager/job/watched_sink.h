#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "io/byte_sink.h"
#include "job/observer.h"

namespace drydock::job {

// Passes everything on, and says so when the destination takes nothing for a while: a server that
// is away is waited for, which looks like a program that hangs. The observer is told from a thread
// of the sink's own, but only while the job's thread is inside append() or finish(), so never from
// two at once.
class WatchedSink : public io::ByteSink {
 public:
  static constexpr std::chrono::milliseconds kPatience{15000};

  WatchedSink(std::unique_ptr<io::ByteSink> sink, Observer& observer,
              std::chrono::milliseconds patience = kPatience);
  ~WatchedSink() override;
  WatchedSink(const WatchedSink&) = delete;
  WatchedSink& operator=(const WatchedSink&) = delete;

  std::string name() const override { return sink_->name(); }
  Result<void> append(Bytes bytes) override;
  Result<void> cut(std::uint64_t bytes) override { return sink_->cut(bytes); }
  Result<void> finish() override;

 private:
  using Clock = std::chrono::steady_clock;

  void enter();
  void leave();
  void watch();

  std::unique_ptr<io::ByteSink> sink_;
  Observer& observer_;
  std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool busy_ = false;
  bool told_ = false;
  bool ending_ = false;
  Clock::time_point since_;
  std::thread thread_;
};

}  // namespace drydock::job
