#include "rescue/passes.h"

#include <algorithm>

#include "base/checked.h"
#include "rescue/copying.h"
#include "rescue/sectorwise.h"

namespace drydock::rescue {
namespace {

constexpr unsigned kLastCopyingPass = 5;

Step resumable(const Step& step, Phase phase) {
  if (step.phase != phase) return {phase, 1, 0};
  if (phase == Phase::copying && step.pass > kLastCopyingPass) return {phase, 1, 0};
  return step;
}

Result<void> run_phases(Reader& reader, std::span<const ExtentMap> domains) {
  Step at = reader.rescue().step;
  for (std::size_t i = 0; i < domains.size(); ++i) {
    if (!unfinished(reader.map(), domains[i])) continue;
    TRY(copy_clusters(reader, domains[i], i, resumable(at, Phase::copying)));
    TRY(trim(reader, domains[i], i));
    TRY(scrape(reader, domains[i], i));
    at = {};  // the next domain begins at its beginning
  }
  ExtentMap all;
  for (const ExtentMap& domain : domains) all = all.united(domain);
  TRY(retry(reader, all, domains.size() - 1, resumable(at, Phase::retrying)));
  reader.rescue().step = {Phase::finished, 1, reader.rescue().step.position};
  return {};
}

// The sector around `border`, as far as it is not finished, gets the status that has come least
// far.
void join_sector(AreaMap& map, Extent sector) {
  Status least = Status::finished;
  for (std::uint64_t at = sector.offset; at < sector.end(); at = map.at(at).extent.end()) {
    const Status status = map.at(at).status;
    const auto rank = [](Status s) { return std::ranges::find(kStatuses, s); };
    if (rank(status) < rank(least)) least = status;
  }
  for (std::uint64_t at = sector.offset; at < sector.end();) {
    const Area area = map.at(at);
    const Extent inside = intersection(area.extent, sector);
    if (area.status != Status::finished) map.set(inside, least);
    at = inside.end();
  }
}

}  // namespace

void join_sectors(AreaMap& map, std::uint64_t sector) {
  std::vector<std::uint64_t> inside;
  for (std::size_t i = 1; i < map.size(); ++i)
    if (const std::uint64_t border = map.area(i).extent.offset; border % sector != 0)
      inside.push_back(round_down(border, sector));
  for (const std::uint64_t start : inside)
    join_sector(map, {start, std::min(sector, map.bytes() - start)});
}

bool unfinished(const AreaMap& map, const ExtentMap& domain) {
  for (std::size_t i = 0; i < map.size(); ++i) {
    const Area area = map.area(i);
    if (area.status != Status::finished && area.status != Status::bad &&
        domain.intersects(area.extent))
      return true;
  }
  return false;
}

Result<Reads> run(const io::BlockSource& source, io::BlockSink& copy, Mapfile& rescue,
                  std::span<const ExtentMap> domains, const Settings& settings, Watcher& watcher,
                  const Stop& stop) {
  const std::uint64_t bytes = source.geometry().bytes;
  if (rescue.map.bytes() != bytes || copy.geometry().bytes < bytes)
    return fail(our_bug(source.name(), "the map or the copy is not as long as the source"));
  join_sectors(rescue.map, settings.sector);
  std::vector<ExtentMap> whole_sectors;
  for (const ExtentMap& domain : domains)
    whole_sectors.push_back(domain.aligned_outward(settings.sector, bytes));
  Reader reader(source, copy, rescue, settings, watcher, stop);
  const auto done = run_phases(reader, whole_sectors);
  const auto kept = reader.keep();
  // The first thing that went wrong is the one to tell.
  if (!done) return fail(done.error());
  if (!kept) return fail(kept.error());
  return reader.reads();
}

}  // namespace drydock::rescue
