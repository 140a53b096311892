#include "rescue/reader.h"

#include <algorithm>
#include <format>

#include "base/checked.h"

namespace drydock::rescue {
namespace {

Error too_many_areas(const std::string& source) {
  return environment_error(
      source, std::format("is damaged in more than {} places", AreaMap::kMaxAreas),
      "What was read is safe; rescue the most important part alone, or use GNU ddrescue with the "
      "same map");
}

}  // namespace

Reader::Reader(const io::BlockSource& source, io::BlockSink& copy, Mapfile& rescue,
               const Settings& settings, Watcher& watcher, const Stop& stop)
    : source_(source),
      copy_(copy),
      rescue_(rescue),
      settings_(settings),
      watcher_(watcher),
      stop_(stop),
      buffer_(static_cast<std::size_t>(settings.cluster)),
      kept_(settings.now()) {}

Step Reader::start_of(Step pass, const Step& resume) const {
  const bool forwards = runs_forwards(pass);
  const std::uint64_t bytes = rescue_.map.bytes();
  const bool resumed = pass.pass == resume.pass && (resume.pass > 1 || resume.position > 0);
  pass.position = forwards ? 0 : bytes;
  if (!resumed) return pass;
  const std::uint64_t position = std::min(resume.position, bytes);
  // Of another program it may stand anywhere; sectors are read whole.
  pass.position = round_down(position, settings_.sector);
  if (!forwards && pass.position < position)
    pass.position = std::min(pass.position + settings_.sector, bytes);
  return pass;
}

void Reader::begin(const Step& step, std::size_t domain) {
  rescue_.step = step;
  watcher_.began(step, domain);
}

Result<bool> Reader::try_read(MutableBytes into, std::uint64_t offset) {
  const Clock::time_point start = settings_.now();
  auto done = source_.read_at(offset, into);
  took_ = settings_.now() - start;
  ++reads_.all;
  if (done) return true;
  if (done.error().code != Code::unreadable) return fail(std::move(done.error()));
  ++reads_.failed;
  return false;
}

Result<bool> Reader::read(Extent extent, Status when_bad) {
  if (stop_.requested())
    return fail(
        cancelled("the rescue was stopped; it goes on from here when "
                  "it is started again"));
  const MutableBytes bytes = buffer_.bytes().first(static_cast<std::size_t>(extent.length));
  const bool good = TRY(try_read(bytes, extent.offset));
  if (good) TRY(copy_.write_at(extent.offset, bytes));
  rescue_.map.set(extent, good ? Status::finished : when_bad);
  watcher_.moved(rescue_, reads_);
  if (rescue_.map.size() > AreaMap::kMaxAreas) return fail(too_many_areas(source_.name()));
  if (settings_.now() - kept_ >= settings_.keep_every) TRY(keep());
  return good;
}

Result<bool> Reader::read_first(Extent& extent, Status when_bad) {
  const std::uint64_t edge = round_down(extent.offset, settings_.sector) + settings_.sector;
  const std::uint64_t end = std::min(edge, extent.end());
  const Extent sector{extent.offset, end - extent.offset};
  extent = {end, extent.end() - end};
  return read(sector, when_bad);
}

Result<bool> Reader::read_last(Extent& extent, Status when_bad) {
  const std::uint64_t edge = round_down(extent.end() - 1, settings_.sector);
  const std::uint64_t start = std::max(edge, extent.offset);
  const Extent sector{start, extent.end() - start};
  extent.length = start - extent.offset;
  return read(sector, when_bad);
}

Result<void> Reader::keep() {
  TRY(copy_.flush());
  TRY(watcher_.keep(rescue_));
  kept_ = settings_.now();
  return {};
}

std::optional<Extent> Reader::next(Status status, std::uint64_t from,
                                   const ExtentMap& domain) const {
  while (const auto area = rescue_.map.next(status, from)) {
    const auto inside = domain.touching(area->extent);
    if (!inside.empty()) return intersection(inside.front(), area->extent);
    from = area->extent.end();
  }
  return std::nullopt;
}

std::optional<Extent> Reader::previous(Status status, std::uint64_t to,
                                       const ExtentMap& domain) const {
  while (const auto area = rescue_.map.previous(status, to)) {
    const auto inside = domain.touching(area->extent);
    if (!inside.empty()) return intersection(inside.back(), area->extent);
    to = area->extent.offset;
  }
  return std::nullopt;
}

}  // namespace drydock::rescue
