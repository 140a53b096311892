#include "rescue/copying.h"

#include <algorithm>

#include "base/checked.h"

namespace drydock::rescue {
namespace {

constexpr unsigned kSweep = 5;  // the pass that leaves nothing

// How far to skip: twice as far after every failure until something is good again.
class Skip {
 public:
  // By default as GNU ddrescue does (its manual, --skip-size): from 1/100000 of the source, at
  // least 64 KiB, up to 1/100.
  Skip(std::uint64_t source_bytes, std::uint64_t sector)
      : first_(round_up(std::max<std::uint64_t>(source_bytes / 100'000, 64 * kKiB), sector)),
        most_(std::max(first_, round_up(div_ceil<std::uint64_t>(source_bytes, 100), sector))),
        size_(first_) {}

  void good() { size_ = first_; }
  std::uint64_t next() {
    const std::uint64_t size = size_;
    size_ = std::min(size_ * 2, most_);
    return size;
  }

 private:
  std::uint64_t first_;
  std::uint64_t most_;
  std::uint64_t size_;
};

// Tells slow areas from good ones: a tenth of the average is slow. Only the time of good reads
// counts, measured over a second of it at least: one seek is no slow area.
class Pace {
 public:
  bool slow(std::uint64_t bytes, Clock::duration took) {
    bytes_ += bytes;
    time_ += took;
    if (time_ < kWindow) return false;
    const double rate = rate_of(bytes_, time_);
    const double average = rate_of(all_bytes_, all_time_);
    const bool known = all_time_ >= kLearning;
    all_bytes_ += bytes_;
    all_time_ += time_;
    bytes_ = 0;
    time_ = {};
    return known && rate < average / 10;
  }

 private:
  static constexpr std::chrono::seconds kWindow{1};
  static constexpr std::chrono::seconds kLearning{30};

  static double rate_of(std::uint64_t bytes, Clock::duration time) {
    return static_cast<double>(bytes) / std::chrono::duration<double>(time).count();
  }

  std::uint64_t bytes_ = 0;
  Clock::duration time_{0};
  std::uint64_t all_bytes_ = 0;
  Clock::duration all_time_{0};
};

// One pass in one direction. Positions behind the direction of travel are done with.
class CopyPass {
 public:
  CopyPass(Reader& reader, const ExtentMap& domain, unsigned pass, Pace& pace)
      : reader_(reader),
        domain_(domain),
        pass_(pass),
        forwards_(runs_forwards({Phase::copying, pass, 0})),
        pace_(pace),
        skip_(reader.map().bytes(), reader.settings().sector) {}

  // True when it skipped something for slowness.
  Result<bool> run(std::uint64_t position) {
    while (const auto block = find(position)) {
      if (!takes(*block)) {
        position = far_end(*block);
        continue;
      }
      const Extent piece = first_piece(*block);
      reader_.rescue().step.position = near_end(piece);
      const bool good = TRY(reader_.read(piece, Status::non_trimmed));
      const bool slow = good && pass_ <= 2 && pace_.slow(piece.length, reader_.took());
      skipped_slow_ = skipped_slow_ || slow;
      position = after(*block, piece, good, slow);
      reader_.rescue().step.position = position;
    }
    return skipped_slow_;
  }

 private:
  std::optional<Extent> find(std::uint64_t position) const {
    return forwards_ ? reader_.next(Status::non_tried, position, domain_)
                     : reader_.previous(Status::non_tried, position, domain_);
  }
  std::uint64_t near_end(Extent extent) const { return forwards_ ? extent.offset : extent.end(); }
  std::uint64_t far_end(Extent extent) const { return forwards_ ? extent.end() : extent.offset; }

  // Passes 3 and 4 are for blocks that begin behind good data: there it was slow, not bad.
  bool takes(Extent block) const {
    if (pass_ != 3 && pass_ != 4) return true;
    const AreaMap& map = reader_.map();
    const std::uint64_t edge = near_end(block);
    if (edge == (forwards_ ? 0 : map.bytes())) return true;
    return map.at(forwards_ ? edge - 1 : edge).status == Status::finished;
  }

  // At most a cluster, up to the next multiple of one.
  Extent first_piece(Extent block) const {
    const std::uint64_t cluster = reader_.settings().cluster;
    if (forwards_) {
      const std::uint64_t end = std::min(block.end(), round_down(block.offset, cluster) + cluster);
      return {block.offset, end - block.offset};
    }
    const std::uint64_t start = std::max(block.offset, round_down(block.end() - 1, cluster));
    return {start, block.end() - start};
  }

  std::uint64_t after(Extent block, Extent piece, bool good, bool slow) {
    const std::uint64_t position = far_end(piece);
    if (good && !slow) {
      skip_.good();
      return position;
    }
    if (pass_ == kSweep) return position;
    if (pass_ > 1 && !good) return far_end(block);
    const std::uint64_t skipped = skip_.next();
    if (forwards_) return position + std::min(skipped, reader_.map().bytes() - position);
    return position - std::min(skipped, position);
  }

  Reader& reader_;
  const ExtentMap& domain_;
  unsigned pass_;
  bool forwards_;
  Pace& pace_;
  Skip skip_;
  bool skipped_slow_ = false;
};

}  // namespace

Result<void> copy_clusters(Reader& reader, const ExtentMap& domain, std::size_t domain_number,
                           const Step& resume) {
  Pace pace;
  // What an earlier run skipped, and why, is not known: both passes for slow areas find their own.
  bool slow = resume.pass > 1;
  for (unsigned pass = resume.pass; pass <= kSweep; ++pass) {
    if (!slow && (pass == 3 || pass == 4)) continue;
    if (!reader.next(Status::non_tried, 0, domain)) return {};
    const Step step = reader.start_of({Phase::copying, pass, 0}, resume);
    reader.begin(step, domain_number);
    slow = TRY(CopyPass(reader, domain, pass, pace).run(step.position)) || slow;
  }
  return {};
}

}  // namespace drydock::rescue
