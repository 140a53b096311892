#include "evaluate/speed.h"

#include <algorithm>
#include <mutex>
#include <random>
#include <thread>

#include "base/checked.h"
#include "base/units.h"
#include "io/aligned_buffer.h"

namespace drydock::evaluate {
namespace {

using std::chrono::nanoseconds;

constexpr std::uint64_t kStep = kMiB;       // of sequential reading
constexpr std::uint64_t kSmall = 4 * kKiB;  // of random reading
constexpr std::uint64_t kLengthOfPoint = 32 * kMiB;
constexpr unsigned kDeep = 32;

class Measurement {
 public:
  Measurement(const io::BlockSource& disk, const SpeedOptions& options, const Stop& stop)
      : disk_(disk), options_(options), stop_(stop), bytes_(disk.geometry().bytes) {}

  Result<Speed> run() {
    if (bytes_ < kSmall) return fail(bad_input(disk_.name(), "is too small to be measured"));
    TRY(sequential());
    for (const unsigned depth : {1U, kDeep}) TRY(random(depth));
    if (options_.rotational) TRY(seeks());
    return std::move(speed_);
  }

 private:
  static constexpr std::size_t kDistances = 10;

  enum class Got { data, nothing, gone };

  Result<void> sequential();
  Result<void> measure_at(std::uint64_t offset, io::AlignedBuffer& buffer);
  Result<void> random(unsigned depth);
  Result<void> seeks();
  Result<void> seek(std::uint64_t distance, io::AlignedBuffer& buffer);
  Result<Got> read(std::uint64_t offset, MutableBytes into);
  bool ended() { return speed_.ended_early = speed_.ended_early || stop_.requested(); }

  const io::BlockSource& disk_;
  const SpeedOptions& options_;
  const Stop& stop_;
  const std::uint64_t bytes_;
  Speed speed_;
  std::mutex mutex_;                  // of speed_.failed and ended_early while several threads read
  std::mt19937_64 places_{20070213};  // the same places every time
};

Result<Measurement::Got> Measurement::read(std::uint64_t offset, MutableBytes into) {
  const Result<void> got = disk_.read_at(offset, into);
  if (got) return Got::data;
  const std::scoped_lock lock(mutex_);
  if (got.error().code == Code::environment) {
    speed_.ended_early = true;
    return Got::gone;
  }
  if (got.error().code != Code::unreadable) return fail(got.error());
  ++speed_.failed;
  return Got::nothing;
}

Result<void> Measurement::sequential() {
  io::AlignedBuffer buffer(kStep);
  const std::uint64_t last = bytes_ > kLengthOfPoint ? bytes_ - kLengthOfPoint : 0;
  std::uint64_t before = ~std::uint64_t{0};
  for (std::size_t i = 0; i < options_.points && !ended(); ++i) {
    const std::uint64_t offset =
        round_down(last / std::max<std::size_t>(options_.points - 1, 1) * i, kStep);
    if (offset != before) TRY(measure_at(offset, buffer));
    before = offset;
  }
  return {};
}

// The first read goes there and is not counted.
Result<void> Measurement::measure_at(std::uint64_t offset, io::AlignedBuffer& buffer) {
  const std::uint64_t end = std::min(offset + kLengthOfPoint, bytes_);
  const auto length = [&](std::uint64_t at) {
    return static_cast<std::size_t>(std::min(kStep, end - at));
  };
  if (TRY(read(offset, buffer.bytes().first(length(offset)))) != Got::data) return {};
  const nanoseconds begun = options_.now();
  nanoseconds passed{0};
  std::uint64_t at = offset + length(offset);
  const std::uint64_t from = at;
  while (at < end && passed < options_.time_a_point && !ended()) {
    if (TRY(read(at, buffer.bytes().first(length(at)))) != Got::data) return {};
    at += length(at);
    passed = options_.now() - begun;
  }
  const double seconds = std::chrono::duration<double>(passed).count();
  if (seconds > 0) speed_.sequential.push_back({offset, static_cast<double>(at - from) / seconds});
  return {};
}

Result<void> Measurement::random(unsigned depth) {
  if (ended()) return {};
  RandomReads all{.depth = depth, .per_second = 0, .latencies = {}};
  Result<void> outcome;
  const nanoseconds begun = options_.now();
  const auto worker = [&](std::uint64_t seed) {
    std::mt19937_64 places(seed);
    std::uniform_int_distribution<std::uint64_t> block(0, bytes_ / kSmall - 1);
    io::AlignedBuffer buffer(kSmall);
    Latencies mine;
    while (options_.now() - begun < options_.time_random && !stop_.requested()) {
      const nanoseconds before = options_.now();
      const Result<Got> got = read(block(places) * kSmall, buffer.bytes());
      if (got && *got == Got::data) mine.add(options_.now() - before);
      if (got && *got != Got::gone) continue;
      const std::scoped_lock lock(mutex_);
      if (!got) outcome = fail(got.error());
      break;
    }
    const std::scoped_lock lock(mutex_);
    all.latencies.add(mine);
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < depth; ++i) threads.emplace_back(worker, places_());
    worker(places_());
  }
  TRY(outcome);
  const double seconds = std::chrono::duration<double>(options_.now() - begun).count();
  if (seconds > 0) all.per_second = static_cast<double>(all.latencies.count()) / seconds;
  if (all.latencies.count() > 0) speed_.random.push_back(all);
  return {};
}

// From near to the length of the whole disk, each distance half of the next.
Result<void> Measurement::seeks() {
  io::AlignedBuffer buffer(kSmall);
  for (std::size_t i = kDistances; i-- > 0;) {
    const std::uint64_t distance = round_down((bytes_ - kSmall) >> i, kSmall);
    if (!ended() && distance >= kMiB) TRY(seek(distance, buffer));
  }
  return {};
}

Result<void> Measurement::seek(std::uint64_t distance, io::AlignedBuffer& buffer) {
  constexpr int kTimes = 16;
  std::uniform_int_distribution<std::uint64_t> start(0, (bytes_ - kSmall - distance) / kSmall);
  std::vector<double> times;
  for (int i = 0; i < kTimes && !ended(); ++i) {
    const std::uint64_t from = start(places_) * kSmall;
    if (TRY(read(from, buffer.bytes())) != Got::data) continue;
    const nanoseconds before = options_.now();
    if (TRY(read(from + distance, buffer.bytes())) != Got::data) continue;
    times.push_back(std::chrono::duration<double, std::micro>(options_.now() - before).count());
  }
  if (!times.empty())
    speed_.seeks.push_back(
        {distance, std::chrono::microseconds(static_cast<std::int64_t>(median(std::move(times))))});
  return {};
}

}  // namespace

Result<Speed> measure_speed(const io::BlockSource& disk, const SpeedOptions& options,
                            const Stop& stop) {
  return Measurement(disk, options, stop).run();
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace drydock::evaluate
