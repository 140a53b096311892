#include "rescue/sectorwise.h"

namespace drydock::rescue {
namespace {

bool is_bad(const AreaMap& map, std::uint64_t offset) {
  return map.at(offset).status == Status::bad;
}

Result<void> trim_area(Reader& reader, Extent area) {
  const AreaMap& map = reader.map();
  bool trimmed = area.offset > 0 && is_bad(map, area.offset - 1);
  while (area.length > 0 && !trimmed) trimmed = !TRY(reader.read_first(area, Status::bad));
  trimmed = area.end() < map.bytes() && is_bad(map, area.end());
  while (area.length > 0 && !trimmed) trimmed = !TRY(reader.read_last(area, Status::bad));
  if (area.length > 0) reader.map().set(area, Status::non_scraped);
  return {};
}

Result<void> retry_forwards(Reader& reader, const ExtentMap& domain, std::uint64_t from) {
  while (auto area = reader.next(Status::bad, from, domain)) {
    TRY(reader.read_first(*area, Status::bad));
    reader.rescue().step.position = from = area->offset;
  }
  return {};
}

Result<void> retry_backwards(Reader& reader, const ExtentMap& domain, std::uint64_t to) {
  while (auto area = reader.previous(Status::bad, to, domain)) {
    TRY(reader.read_last(*area, Status::bad));
    reader.rescue().step.position = to = area->end();
  }
  return {};
}

}  // namespace

Result<void> trim(Reader& reader, const ExtentMap& domain, std::size_t domain_number) {
  auto area = reader.next(Status::non_trimmed, 0, domain);
  if (!area) return {};
  reader.begin({Phase::trimming, 1, area->offset}, domain_number);
  for (; area; area = reader.next(Status::non_trimmed, area->end(), domain)) {
    reader.rescue().step.position = area->offset;
    TRY(trim_area(reader, *area));
  }
  return {};
}

Result<void> scrape(Reader& reader, const ExtentMap& domain, std::size_t domain_number) {
  auto area = reader.next(Status::non_scraped, 0, domain);
  if (!area) return {};
  reader.begin({Phase::scraping, 1, area->offset}, domain_number);
  for (; area; area = reader.next(Status::non_scraped, area->offset, domain)) {
    while (area->length > 0) {
      reader.rescue().step.position = area->offset;
      TRY(reader.read_first(*area, Status::bad));
    }
  }
  return {};
}

Result<void> retry(Reader& reader, const ExtentMap& domain, std::size_t domain_number,
                   const Step& resume) {
  for (unsigned pass = resume.pass; pass <= reader.settings().retries; ++pass) {
    if (!reader.next(Status::bad, 0, domain)) return {};
    const Step step = reader.start_of({Phase::retrying, pass, 0}, resume);
    reader.begin(step, domain_number);
    TRY(runs_forwards(step) ? retry_forwards(reader, domain, step.position)
                            : retry_backwards(reader, domain, step.position));
  }
  return {};
}

}  // namespace drydock::rescue
