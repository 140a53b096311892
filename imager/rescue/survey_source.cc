#include "rescue/survey_source.h"

#include <algorithm>
#include <format>

#include "base/checked.h"

namespace drydock::rescue {

Result<void> SurveySource::read_clusters(Extent wanted) const {
  const std::uint64_t cluster = reader_.settings().cluster;
  while (const auto area = reader_.map().next(Status::non_tried, wanted.offset)) {
    if (area->extent.offset >= wanted.end()) break;
    const std::uint64_t start = round_down(area->extent.offset, cluster);
    // What of the cluster was not tried, around the first byte that is wanted.
    const Area run = reader_.map().at(area->extent.offset);
    TRY(reader_.read(intersection(run.extent, {start, cluster}), Status::non_trimmed));
  }
  return {};
}

Result<void> SurveySource::read_sectors(Extent wanted) const {
  for (std::uint64_t at = wanted.offset; at < wanted.end();) {
    const Area area = reader_.map().at(at);
    Extent rest = intersection(area.extent, {at, wanted.end() - at});
    bool good = area.status == Status::finished;
    if (good)
      rest = {rest.end(), 0};
    else if (area.status != Status::bad)
      good = TRY(reader_.read_first(rest, Status::bad));
    if (!good)
      return fail({Code::unreadable, 0, name(), std::format("cannot be read at byte {}", at), {}});
    at = rest.offset;
  }
  return {};
}

Result<void> SurveySource::read_at(std::uint64_t offset, MutableBytes into) const {
  TRY(check_range(*this, offset, into.size()));
  if (into.empty()) return {};
  const std::lock_guard lock(one_at_a_time_);
  const std::uint64_t sector = reader_.settings().sector;
  const std::uint64_t start = round_down(offset, sector);
  const std::uint64_t end = std::min(round_up(offset + into.size(), sector), geometry().bytes);
  TRY(read_clusters({start, end - start}));
  TRY(read_sectors({start, end - start}));
  return (copied_ != nullptr ? *copied_ : drive_).read_at(offset, into);
}

}  // namespace drydock::rescue
