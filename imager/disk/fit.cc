#include "disk/fit.h"

#include <format>

#include "base/units.h"
#include "disk/gpt.h"
#include "disk/gpt_fit.h"
#include "disk/too_small.h"

namespace drydock::disk {
namespace {

Error other_sectors(std::uint32_t image, std::uint32_t target) {
  return bad_input({},
                   std::format("the disk was saved from one with sectors of {} bytes, the target"
                               " has sectors of {}; no system would find the partitions",
                               image, target),
                   "Choose a target with the same sector size");
}

}  // namespace

Error too_small(std::uint64_t needed, std::uint64_t target, std::string_view why) {
  return bad_input(
      {},
      std::format("the target is too small by {} bytes ({}): {} are needed, it has {}{}{}",
                  needed - target, human_bytes(needed - target), needed, target,
                  why.empty() ? "" : "; ", why),
      "Choose a larger target");
}

Result<Fit> fit(const io::BlockSource& image, const Layout& layout, const Geometry& target) {
  const Geometry& source = image.geometry();
  Gpt gpt;
  std::uint32_t sector = source.logical_sector;
  if (layout.table == TableKind::gpt) {
    gpt = TRY(find_gpt(image));
    if (!gpt.intact()) return fail(bad_input(image.name(), "its GPT is no longer intact"));
    sector = gpt.sector;
  }
  if (target.logical_sector != source.logical_sector && target.logical_sector != sector)
    return fail(other_sectors(sector, target.logical_sector));
  if (target.bytes != source.bytes && layout.table == TableKind::gpt)
    return fit_gpt(image, layout, gpt, target.bytes);
  if (target.bytes < source.bytes) return fail(too_small(source.bytes, target.bytes, {}));
  return Fit{source.bytes, {}, {}};
}

}  // namespace drydock::disk
