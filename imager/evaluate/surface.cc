#include "evaluate/surface.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "base/units.h"
#include "io/aligned_buffer.h"

namespace drydock::evaluate {
namespace {

using std::chrono::nanoseconds;

constexpr std::uint64_t kBlock = kMiB;
constexpr std::uint64_t kPart = 64 * kKiB;
// A disk that turns 5,400 times a minute passes a place 45 times meanwhile.
constexpr nanoseconds kSlow = std::chrono::milliseconds(500);

class Scan {
 public:
  Scan(const io::BlockSource& disk, const SurfaceOptions& options, Watcher& watcher,
       const Stop& stop)
      : disk_(disk),
        options_(options),
        watcher_(watcher),
        stop_(stop),
        blocks_(div_ceil(disk.geometry().bytes, kBlock)),
        begun_(options.now()),
        buffer_(kBlock) {
    surface_.full = options.full;
    make_bands();
  }

  Result<Surface> run() {
    TRY(wake());
    TRY(options_.full ? read_all() : read_sample());
    surface_.elapsed =
        std::chrono::duration_cast<std::chrono::milliseconds>(options_.now() - begun_);
    return std::move(surface_);
  }

 private:
  void make_bands();
  Band& band_at(std::uint64_t offset);
  Result<void> wake();
  Result<void> read_all();
  Result<void> read_sample();
  bool time_is_up() const { return options_.now() - begun_ >= options_.sample_time; }
  // How much of `whole` is done if the time decides.
  std::uint64_t share_of_time(std::uint64_t whole) const;
  void report(std::uint64_t done, std::uint64_t total);
  bool ended();
  Result<void> read_block(std::uint64_t block);
  Result<bool> read(Extent extent, nanoseconds& took);
  Result<void> read_parts(Extent extent);
  void cut(Cut why, std::uint64_t at);

  const io::BlockSource& disk_;
  const SurfaceOptions& options_;
  Watcher& watcher_;
  const Stop& stop_;
  const std::uint64_t blocks_;
  const nanoseconds begun_;
  io::AlignedBuffer buffer_;
  Surface surface_;
  std::uint64_t at_ = 0;  // where the last read was
  std::size_t bad_places_ = 0;
};

void Scan::make_bands() {
  const std::uint64_t bytes = disk_.geometry().bytes;
  const std::uint64_t count =
      std::clamp<std::uint64_t>(options_.bands, 1, std::max<std::uint64_t>(blocks_, 1));
  for (std::uint64_t i = 0; i < count; ++i) {
    // Edges on blocks, so that a block belongs to one band.
    const std::uint64_t start = blocks_ * i / count * kBlock;
    const std::uint64_t end = std::min(blocks_ * (i + 1) / count * kBlock, bytes);
    surface_.bands.push_back({.extent = {start, end - start}});
  }
}

Band& Scan::band_at(std::uint64_t offset) {
  const auto after = std::ranges::upper_bound(surface_.bands, offset, {},
                                              [](const Band& band) { return band.extent.offset; });
  return *std::prev(after);
}

void Scan::cut(Cut why, std::uint64_t at) {
  surface_.cut = why;
  surface_.cut_at = at;
}

bool Scan::ended() {
  if (surface_.cut == Cut::no && stop_.requested()) cut(Cut::stopped, at_);
  return surface_.cut != Cut::no;
}

void Scan::report(std::uint64_t done, std::uint64_t total) {
  watcher_.moved(at_, done, total);
}

// A disk that sleeps takes seconds for its first read, which says nothing about its surface.
Result<void> Scan::wake() {
  if (blocks_ == 0) return fail(bad_input(disk_.name(), "is empty, there is nothing to read"));
  nanoseconds took{0};
  TRY(read({0, std::min(kPart, disk_.geometry().bytes)}, took));
  return {};
}

// True when the bytes came; false when the medium did not give them or the drive is gone.
Result<bool> Scan::read(Extent extent, nanoseconds& took) {
  const nanoseconds before = options_.now();
  const Result<void> got =
      disk_.read_at(extent.offset, buffer_.bytes().first(static_cast<std::size_t>(extent.length)));
  took = options_.now() - before;
  at_ = extent.offset;
  if (got) return true;
  if (got.error().code == Code::environment)
    cut(Cut::drive_gone, extent.offset);
  else if (got.error().code != Code::unreadable)
    return fail(got.error());
  return false;
}

Result<void> Scan::read_block(std::uint64_t block) {
  const std::uint64_t offset = block * kBlock;
  const Extent extent{offset, std::min(kBlock, disk_.geometry().bytes - offset)};
  nanoseconds took{0};
  const bool came = TRY(read(extent, took));
  Band& band = band_at(offset);
  band.time += took;
  band.slowest = std::max(band.slowest, took);
  if (!came) return surface_.cut == Cut::no ? read_parts(extent) : Result<void>();
  surface_.bytes_read += extent.length;
  band.bytes_read += extent.length;
  surface_.latencies.add(took);
  if (took >= kSlow) surface_.slow.add(extent);
  return {};
}

Result<void> Scan::read_parts(Extent extent) {
  for (std::uint64_t at = extent.offset; at < extent.end(); at += kPart) {
    if (ended()) return {};
    const Extent part{at, std::min(kPart, extent.end() - at)};
    nanoseconds took{0};
    const bool came = TRY(read(part, took));
    Band& band = band_at(at);
    band.time += took;
    if (came) {
      surface_.bytes_read += part.length;
      band.bytes_read += part.length;
    } else if (surface_.cut == Cut::no) {
      band.bytes_bad += part.length;
      surface_.bad.add(part);
      watcher_.unreadable(part);
      if (++bad_places_ >= options_.most_bad) cut(Cut::too_many_bad, at);
    }
  }
  return {};
}

Result<void> Scan::read_all() {
  for (std::uint64_t block = 0; block < blocks_ && !ended(); ++block) {
    TRY(read_block(block));
    report(std::min((block + 1) * kBlock, disk_.geometry().bytes), disk_.geometry().bytes);
  }
  return {};
}

// Passes from coarse to fine: the first takes the start of every 256th part of the disk, each
// further one what lies half way between the samples before it. There are never more samples than
// blocks, so that no block comes twice.
Result<void> Scan::read_sample() {
  constexpr std::uint64_t kFirst = 256;
  const std::uint64_t most = std::min(options_.sample_blocks, blocks_);
  std::uint64_t taken = 0;
  std::uint64_t count = std::min(kFirst, most);
  for (std::uint64_t step = 1; count <= most; count *= 2, step = 2) {
    // After the first pass the even places have been read.
    for (std::uint64_t i = step - 1; i < count; i += step) {
      if (ended() || time_is_up()) return {};
      TRY(read_block(i * blocks_ / count));
      report(std::max(++taken, share_of_time(most)) * kBlock, most * kBlock);
    }
  }
  return {};
}

std::uint64_t Scan::share_of_time(std::uint64_t whole) const {
  const double share = std::chrono::duration<double>(options_.now() - begun_) /
                       std::chrono::duration<double>(options_.sample_time);
  return static_cast<std::uint64_t>(std::min(share, 1.0) * static_cast<double>(whole));
}

std::string share_of(std::uint64_t part, std::uint64_t whole) {
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  return percent < 0.1 ? "less than 0.1 %" : std::format("{:.1f} %", percent);
}

}  // namespace

Result<Surface> scan_surface(const io::BlockSource& disk, const SurfaceOptions& options,
                             Watcher& watcher, const Stop& stop) {
  return Scan(disk, options, watcher, stop).run();
}

std::vector<Finding> judge_surface(const Surface& surface) {
  std::vector<Finding> findings;
  if (surface.cut == Cut::drive_gone)
    findings.push_back(
        {Verdict::save_now, "drive_gone",
         std::format("The drive went away while it was read, at byte {}: try another "
                     "cable or port once, and if it happens again copy what matters "
                     "off it first",
                     surface.cut_at)});
  if (!surface.bad.empty())
    findings.push_back(
        {Verdict::save_now, "unreadable_areas",
         std::format("{} in {} could not be read{}: save what is left with imager rescue",
                     human_bytes(surface.bad.bytes()),
                     counted(surface.bad.extents().size(), "area"),
                     surface.cut == Cut::too_many_bad
                         ? ", and reading was ended there so as not to wear the drive any more"
                         : "")});
  if (surface.slow.empty()) return findings;
  const std::uint64_t seen = surface.bytes_read + surface.bad.bytes();
  findings.push_back(
      {Verdict::watch, "slow_areas",
       std::format("{} of what was read ({}) took half a second or more for a MiB: the drive tries "
                   "again and again there, or its cable, port or power does not suffice",
                   human_bytes(surface.slow.bytes()), share_of(surface.slow.bytes(), seen))});
  return findings;
}

}  // namespace drydock::evaluate
