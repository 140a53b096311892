#include "job/restore.h"

#include <algorithm>
#include <format>

#include "base/units.h"
#include "disk/fit.h"
#include "disk/layout.h"
#include "engine/restore.h"
#include "image/image_source.h"
#include "io/cut_sink.h"
#include "job/describe.h"
#include "job/disk_map.h"
#include "job/image_file.h"
#include "job/image_place.h"
#include "job/meter.h"
#include "sys/machine.h"

namespace drydock::job {

struct RestorePlan::Work {
  sys::Machine& machine;
  RestoreRequest request;
  ImagePlace place;
  OpenImage image;
  disk::Fit fit;
  unsigned workers = 1;
  Summary summary;
};

RestorePlan::RestorePlan(std::unique_ptr<Work> work) : work_(std::move(work)) {}
RestorePlan::RestorePlan(RestorePlan&&) noexcept = default;
RestorePlan& RestorePlan::operator=(RestorePlan&&) noexcept = default;
RestorePlan::~RestorePlan() = default;

const Summary& RestorePlan::summary() const {
  return work_->summary;
}

namespace {

using Work = RestorePlan::Work;

Error too_small(const std::string& target, std::uint64_t has, std::uint64_t needs) {
  return bad_input(target,
                   std::format("is too small: it has {} ({} bytes), the image needs {} ({} bytes), "
                               "{} bytes are missing",
                               human_bytes(has), has, human_bytes(needs), needs, needs - has),
                   "Choose a larger target");
}

// What the target is as a disk, and what stands on it now. Nothing for a file to be created.
struct TargetNow {
  Geometry geometry;
  std::vector<std::string> content;
};

Result<TargetNow> look_at(sys::Machine& machine, const Target& target, const Geometry& image) {
  TargetNow now;
  now.geometry = image;
  now.geometry.bytes = target.bytes;
  auto source = machine.open_source(target.path);
  // A file that does not exist yet cannot be opened; a device must be.
  if (!source && target.is_file) return now;
  if (!source) return fail(std::move(source.error()));
  if ((*source)->geometry().bytes == 0) return now;
  if (!target.is_file) now.geometry = (*source)->geometry();
  if (const auto map = map_disk(**source, true)) now.content = describe_content(*map);
  return now;
}

Result<void> check_target(Work& work, const Target& target) {
  const auto in_use = TRY(work.machine.in_use(target.path));
  if (!in_use.empty())
    return fail(environment_error(target.path, "is in use: " + in_use[0],
                                  "Unmount it, or choose another target"));
  const sys::Storage storage = TRY(work.machine.storage(work.place.path()));
  if (!storage.disk.empty() && (storage.disk == target.path || storage.device == target.path))
    return fail(bad_input(target.path, "holds the image " + work.request.image,
                          "Choose another target, or move the image to another drive"));
  return {};
}

// Makes the target's table right for its size, or says why the image does not go there.
Result<void> fit_to(Work& work, const Geometry& target) {
  const image::ImageReader& reader = work.image.reader;
  const std::uint64_t needs = reader.manifest().geometry.bytes;
  const image::ImageSource disk(reader);
  const auto layout = disk::read_layout(disk);
  if (!layout) {
    if (target.bytes < needs) return fail(too_small(work.request.target, target.bytes, needs));
    work.fit.bytes = needs;
    work.summary.warnings.push_back("The table in the image is left as it is: " +
                                    layout.error().what);
    return {};
  }
  auto fitted = disk::fit(disk, *layout, target);
  if (!fitted) {
    if (fitted.error().where.empty()) fitted.error().where = work.request.target;
    return fail(std::move(fitted.error()));
  }
  work.fit = std::move(*fitted);
  for (const std::string& note : work.fit.notes) work.summary.writes.push_back(note);
  return {};
}

std::string command_of(const RestoreRequest& request) {
  std::string command =
      "imager restore " + shell_word(request.image) + " " + shell_word(request.target);
  if (request.threads != 0) command += std::format(" --threads {}", request.threads);
  if (request.verify) command += " --verify";
  return command;
}

void summarise(Work& work, const Target& target, const TargetNow& now) {
  const image::ImageReader& reader = work.image.reader;
  const Manifest& manifest = reader.manifest();
  Summary& summary = work.summary;
  summary.verb = "restore";
  summary.reads.push_back(work.request.image);
  summary.reads.push_back(
      "made on " + (manifest.created.empty() ? "an unknown day" : manifest.created) + " from " +
      describe_drive("a disk", manifest.id, manifest.geometry.bytes));
  for (const VolumeRecord& volume : manifest.volumes)
    summary.volumes.push_back(describe_kept(volume));
  summary.overwrites = target;
  summary.overwritten = now.content;
  for (const std::string& flaw : reader.flaws()) summary.warnings.push_back("In the image " + flaw);
  if (!reader.maps().unreadable.empty())
    summary.warnings.push_back(
        std::format("{} could not be read when the image was made and will be zeros",
                    human_bytes(reader.maps().unreadable.bytes())));
  summary.source_bytes = manifest.geometry.bytes;
  summary.kept_bytes = reader.maps().captured.bytes();
  const std::uint64_t frames = reader.index().size() * sizeof(image::FrameEntry) * 2;
  summary.memory = engine::restore_memory(reader, work.workers) + frames;
  summary.threads = work.workers;
  summary.command = command_of(work.request);
}

// Where the target is not to be what the image holds: the patches, and what a smaller one lacks.
ExtentMap changed(const Work& work) {
  const disk::Fit& fit = work.fit;
  const std::uint64_t image_bytes = work.image.reader.manifest().geometry.bytes;
  ExtentMap map;
  if (fit.bytes < image_bytes) map.add({fit.bytes, image_bytes - fit.bytes});
  for (const disk::Patch& patch : fit.patches) map.add({patch.offset, patch.bytes.size()});
  return map;
}

// Everything from the first write on. An error from here leaves a target that must not be used.
Result<void> write_target(Work& work, io::BlockSink& target, Observer& observer, const Stop& stop) {
  const image::ImageReader& reader = work.image.reader;
  {
    Meter meter(observer, "restore", work.summary.kept_bytes, reader.manifest().volumes);
    // What a smaller target does not have was proved to be empty when the plan was made.
    io::CutSink cut(target, reader.manifest().geometry.bytes);
    TRY(engine::restore(reader, cut, work.workers, meter, stop));
  }
  for (const disk::Patch& patch : work.fit.patches) TRY(target.write_at(patch.offset, patch.bytes));
  observer.on(Notice{"writing everything to the drive"});
  return target.flush();
}

Result<void> read_back(Work& work, Report& report, Observer& observer, const Stop& stop) {
  const auto target = TRY(work.machine.open_source(work.request.target));
  Meter meter(observer, "verify", work.summary.kept_bytes, work.image.reader.manifest().volumes);
  const ExtentMap different =
      TRY(engine::compare(work.image.reader, *target, changed(work), work.workers, meter, stop));
  if (!different.empty())
    return fail(environment_error(
        work.request.target,
        std::format("was written, but reads back differently: {} in {}, the first at byte {}",
                    human_bytes(different.bytes()), counted(different.extents().size(), "area"),
                    different.extents()[0].offset),
        "This drive cannot be trusted; use another one"));
  report.verified = true;
  report.lines.push_back("The target was read back and every byte of it is right");
  return {};
}

}  // namespace

Result<RestorePlan> plan_restore(sys::Machine& machine, const RestoreRequest& request) {
  ImagePlace place =
      TRY(ImagePlace::open(machine, request.image, sys::Access::read_only, request.person));
  auto image = TRY(open_image(machine, place.path()));
  const unsigned workers =
      std::clamp(request.threads == 0 ? machine.processors() : request.threads, 1U, 256U);
  auto work = std::make_unique<Work>(Work{.machine = machine,
                                          .request = request,
                                          .place = std::move(place),
                                          .image = std::move(image),
                                          .fit = {},
                                          .workers = workers,
                                          .summary = {}});
  const Geometry geometry = work->image.reader.manifest().geometry;
  const Target target = TRY(machine.target(request.target, geometry.bytes));
  TRY(check_target(*work, target));
  const TargetNow now = TRY(look_at(machine, target, geometry));
  TRY(fit_to(*work, now.geometry));
  summarise(*work, target, now);
  return RestorePlan(std::move(work));
}

Result<Report> run(RestorePlan plan, const Consent& consent, Observer& observer, const Stop& stop) {
  Work& work = plan.work();
  if (consent.target() != *work.summary.overwrites)
    return fail(our_bug(work.request.target, "the consent is for another target than the plan"));
  const auto start = std::chrono::steady_clock::now();
  {
    const auto target = TRY(work.machine.open_target(consent));
    auto written = write_target(work, *target, observer, stop);
    if (!written) {
      std::string& hint = written.error().hint;
      hint += (hint.empty() ? "" : ". ") +
              std::string(
                  "The target is only partly written: it must not be used before a restore "
                  "to it has succeeded");
      return fail(std::move(written.error()));
    }
  }
  Report report{.lines = {},
                .source_bytes = work.summary.source_bytes,
                .kept_bytes = work.summary.kept_bytes,
                .image_bytes = work.image.reader.file_bytes(),
                .unreadable = work.image.reader.maps().unreadable,
                .digest = image::whole_digest(work.image.reader.index()).hex()};
  if (work.request.verify) TRY(read_back(work, report, observer, stop));
  if (const auto reread = work.machine.reread_table(work.request.target); !reread)
    report.lines.push_back("The system still uses the old partition table until it is restarted: " +
                           reread.error().sentence());
  report.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  report.lines.insert(
      report.lines.begin(),
      std::format(
          "Restored {} to {} in {}", human_bytes(report.kept_bytes), work.request.target,
          human_duration(std::chrono::duration_cast<std::chrono::seconds>(report.elapsed))));
  return report;
}

}  // namespace drydock::job
