#include "job/restore.h"

#include <format>

#include "base/units.h"
#include "engine/restore.h"
#include "image/image_source.h"
#include "io/cut_sink.h"
#include "job/describe.h"
#include "job/image_file.h"
#include "job/image_place.h"
#include "job/meter.h"
#include "job/target_disk.h"
#include "job/workers.h"
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
  ExtentMap lost;  // of the disk, by damage of the image
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

Result<void> check_target(Work& work, const Target& target) {
  TRY(check_target_free(work.machine, target.path));
  const sys::Storage storage = TRY(work.machine.storage(work.place.path()));
  if (!storage.disk.empty() && (storage.disk == target.path || storage.device == target.path))
    return fail(bad_input(target.path, "holds the image " + work.request.image,
                          "Choose another target, or move the image to another drive"));
  return {};
}

std::string command_of(const RestoreRequest& request) {
  std::string command =
      "imager restore " + shell_word(request.image) + " " + shell_word(request.target);
  if (request.threads != 0) command += std::format(" --threads {}", request.threads);
  if (request.verify) command += " --verify";
  if (request.salvage) command += " --salvage";
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
  if (work.request.salvage)
    summary.warnings.push_back(
        "What is damaged or missing in the image will be zeros, and is told at the end");
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

// Everything from the first write on. An error from here leaves a target that must not be used.
Result<void> write_target(Work& work, io::BlockSink& target, Observer& observer, const Stop& stop) {
  const image::ImageReader& reader = work.image.reader;
  {
    Meter meter(observer, "restore", work.summary.kept_bytes, reader.manifest().volumes);
    // What a smaller target does not have was proved to be empty when the plan was made.
    io::CutSink cut(target, reader.manifest().geometry.bytes);
    TRY(engine::restore(reader, cut, work.workers, meter, stop,
                        work.request.salvage ? &work.lost : nullptr));
  }
  return finish_target(target, work.fit, observer);
}

void tell_lost(const Work& work, Report& report) {
  for (std::string& line : describe_missing(work.lost, work.image.reader.manifest().volumes))
    report.lines.push_back(std::move(line));
  report.lines.push_back("Check the filesystems of the target before use");
  report.lost = work.lost;
}

Result<void> read_back(Work& work, Report& report, Observer& observer, const Stop& stop) {
  const auto target = TRY(work.machine.open_source(work.request.target));
  Meter meter(observer, "verify", work.summary.kept_bytes, work.image.reader.manifest().volumes);
  const ExtentMap except =
      changed_by(work.fit, work.image.reader.manifest().geometry.bytes).united(work.lost);
  const ExtentMap different =
      TRY(engine::compare(work.image.reader, *target, except, work.workers, meter, stop));
  if (!different.empty()) return fail(reads_back_differently(work.request.target, different));
  report.verified = true;
  report.lines.push_back(work.lost.empty()
                             ? "The target was read back and every byte of it is right"
                             : "The target was read back: what is not lost is right");
  return {};
}

}  // namespace

Result<RestorePlan> plan_restore(sys::Machine& machine, const RestoreRequest& request) {
  ImagePlace place =
      TRY(ImagePlace::open(machine, request.image, sys::Access::read_only, request.person));
  auto image = request.salvage ? TRY(open_what_is_left(machine, place.path()))
                               : TRY(open_image(machine, place.path()));
  const unsigned workers = workers_for(machine, request.threads);
  auto work = std::make_unique<Work>(Work{.machine = machine,
                                          .request = request,
                                          .place = std::move(place),
                                          .image = std::move(image),
                                          .fit = {},
                                          .workers = workers,
                                          .summary = {},
                                          .lost = {}});
  const Geometry geometry = work->image.reader.manifest().geometry;
  const Target target = TRY(machine.target(request.target, geometry.bytes));
  TRY(check_target(*work, target));
  const TargetNow now = TRY(look_at_target(machine, target, geometry));
  work->fit = TRY(fit_to_target(image::ImageSource(work->image.reader), request.target,
                                now.geometry, work->summary));
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
    if (!written) return fail(partly_written(std::move(written.error()), "restore"));
  }
  Report report{.lines = {},
                .source_bytes = work.summary.source_bytes,
                .kept_bytes = work.summary.kept_bytes,
                .image_bytes = work.image.reader.file_bytes(),
                .unreadable = work.image.reader.maps().unreadable,
                .lost = {},
                .digest = {}};
  if (work.lost.empty())
    report.digest = image::whole_digest(work.image.reader.index()).hex();
  else
    tell_lost(work, report);
  if (work.request.verify) TRY(read_back(work, report, observer, stop));
  reread_table(work.machine, work.request.target, report);
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
