#include "job/target_disk.h"

#include <format>

#include "base/units.h"
#include "disk/layout.h"
#include "job/describe.h"
#include "job/disk_map.h"

namespace drydock::job {
namespace {

Error too_small(const std::string& target, std::uint64_t has, std::uint64_t needs) {
  return bad_input(target,
                   std::format("is too small: it has {} ({} bytes), {} ({} bytes) are needed, "
                               "{} bytes are missing",
                               human_bytes(has), has, human_bytes(needs), needs, needs - has),
                   "Choose a larger target");
}

}  // namespace

Result<TargetNow> look_at_target(sys::Machine& machine, const Target& target,
                                 const Geometry& source) {
  TargetNow now;
  now.geometry = source;
  now.geometry.bytes = target.bytes;
  auto content = machine.open_source(target.path);
  // A file that does not exist yet cannot be opened; a device must be.
  if (!content && target.is_file) return now;
  if (!content) return fail(std::move(content.error()));
  if ((*content)->geometry().bytes == 0) return now;
  if (!target.is_file) now.geometry = (*content)->geometry();
  if (const auto map = map_disk(**content, true)) now.content = describe_content(*map);
  return now;
}

Result<void> check_target_free(sys::Machine& machine, const std::string& path) {
  const auto in_use = TRY(machine.in_use(path));
  if (in_use.empty()) return {};
  return fail(
      environment_error(path, "is in use: " + in_use[0], "Unmount it, or choose another target"));
}

Result<disk::Fit> fit_to_target(const io::BlockSource& disk, const std::string& path,
                                const Geometry& target, Summary& summary) {
  const std::uint64_t needs = disk.geometry().bytes;
  const auto layout = disk::read_layout(disk);
  if (!layout) {
    if (target.bytes < needs) return fail(too_small(path, target.bytes, needs));
    summary.warnings.push_back("The partition table is left as it is: " + layout.error().what);
    return disk::Fit{.bytes = needs, .patches = {}, .notes = {}};
  }
  auto fitted = disk::fit(disk, *layout, target);
  if (!fitted) {
    if (fitted.error().where.empty()) fitted.error().where = path;
    return fail(std::move(fitted.error()));
  }
  for (const std::string& note : fitted->notes) summary.writes.push_back(note);
  return fitted;
}

ExtentMap changed_by(const disk::Fit& fit, std::uint64_t source_bytes) {
  ExtentMap map;
  if (fit.bytes < source_bytes) map.add({fit.bytes, source_bytes - fit.bytes});
  for (const disk::Patch& patch : fit.patches) map.add({patch.offset, patch.bytes.size()});
  return map;
}

Result<void> finish_target(io::BlockSink& target, const disk::Fit& fit, Observer& observer) {
  for (const disk::Patch& patch : fit.patches) TRY(target.write_at(patch.offset, patch.bytes));
  observer.on(Notice{"writing everything to the drive"});
  return target.flush();
}

void reread_table(sys::Machine& machine, const std::string& path, Report& report) {
  if (const auto reread = machine.reread_table(path); !reread)
    report.lines.push_back("The system still uses the old partition table until it is restarted: " +
                           reread.error().sentence());
}

Error partly_written(Error error, std::string_view verb) {
  error.hint += (error.hint.empty() ? "" : ". ") +
                std::format(
                    "The target is only partly written: it must not be used before a {} "
                    "to it has succeeded",
                    verb);
  return error;
}

Error reads_back_differently(const std::string& path, const ExtentMap& different) {
  return environment_error(
      path,
      std::format("was written, but reads back differently: {} in {}, the first at byte {}",
                  human_bytes(different.bytes()), counted(different.extents().size(), "area"),
                  different.extents()[0].offset),
      "This drive cannot be trusted; use another one");
}

}  // namespace drydock::job
