// Mapfiles of any content: what is accepted keeps the promises of AreaMap, and is the same after it
// was written and read again.

#include <cstdint>
#include <string_view>

#include "fuzz/demand.h"
#include "rescue/mapfile.h"

namespace drydock::rescue {
namespace {

using test::demand;

void check_map(const AreaMap& map) {
  demand(map.bytes() > 0 && map.size() > 0 && map.size() <= AreaMap::kMaxAreas);
  std::uint64_t end = 0;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < map.size(); ++i) {
    const Area area = map.area(i);
    demand(area.extent.offset == end && area.extent.length > 0);
    demand(i == 0 || map.area(i - 1).status != area.status);
    end = area.extent.end();
  }
  demand(end == map.bytes());
  for (const Status status : kStatuses) total += map.bytes_of(status);
  demand(total == map.bytes());
}

void run(std::string_view text) {
  const auto mapfile = parse_mapfile(text, "fuzz");
  if (!mapfile) {
    demand(mapfile.error().code == Code::bad_input && !mapfile.error().what.empty());
    return;
  }
  check_map(mapfile->map);
  const auto again = parse_mapfile(mapfile_text(*mapfile), "again");
  demand(again.has_value());
  demand(again->step == mapfile->step);
  demand(again->map == mapfile->map);
}

}  // namespace
}  // namespace drydock::rescue

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  drydock::rescue::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
