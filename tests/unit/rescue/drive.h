// A drive that ages as drives do, for the tests of a rescue.
#pragma once

#include <map>
#include <optional>

#include "core/extent_map.h"
#include "io/block_source.h"
#include "rescue/passes.h"

namespace drydock::rescue::test {

struct Ailment {
  ExtentMap bad = {};   // fails whatever touches it
  ExtentMap slow = {};  // takes a second a sector
  // A bad sector that gives in after so many reads of it alone; 0: never.
  unsigned gives_in_after = 0;
  std::optional<std::uint64_t> dies_after = {};  // reads from then on find no drive
};

// Its content is a function of the place, so that a drive of any size needs no memory. Its clock
// runs by its own work alone: 100 MB/s, a failed read two seconds.
class Drive : public io::BlockSource {
 public:
  Drive(std::uint64_t bytes, Ailment ailment, std::uint32_t sector = 512)
      : geometry_{bytes, sector, sector}, ailment_(std::move(ailment)) {}

  const Geometry& geometry() const override { return geometry_; }
  std::string name() const override { return "the drive"; }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override;

  void revive() { ailment_.dies_after.reset(); }
  Clock::time_point now() const { return now_; }
  Reads reads() const { return reads_; }
  // The reads that touched a byte.
  unsigned reads_of(std::uint64_t offset) const;
  const std::vector<Extent>& log() const { return log_; }

  // Whether these are the bytes at `offset`.
  static bool holds(std::uint64_t offset, Bytes bytes);

 private:
  bool fails(Extent extent) const;

  Geometry geometry_;
  Ailment ailment_;
  mutable Clock::time_point now_;
  mutable Reads reads_;
  mutable std::vector<Extent> log_;
  mutable std::map<std::uint64_t, unsigned> tried_alone_;
};

}  // namespace drydock::rescue::test
