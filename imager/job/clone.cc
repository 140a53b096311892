#include "job/clone.h"

#include <format>

#include "base/checked.h"
#include "base/units.h"
#include "core/manifest.h"
#include "engine/clone.h"
#include "image/format.h"
#include "io/cut_sink.h"
#include "io/masked_source.h"
#include "job/describe.h"
#include "job/disk_map.h"
#include "job/drive_at.h"
#include "job/meter.h"
#include "job/target_disk.h"
#include "job/workers.h"
#include "sys/machine.h"

namespace drydock::job {

struct ClonePlan::Work {
  sys::Machine& machine;
  CloneRequest request;
  std::unique_ptr<io::BlockSource> source;
  DiskMap map;
  std::vector<VolumeRecord> volumes;
  disk::Fit fit;
  ExtentMap copied;  // what is used and not to be something else on the target
  engine::CloneSettings settings;
  Summary summary;
};

ClonePlan::ClonePlan(std::unique_ptr<Work> work) : work_(std::move(work)) {}
ClonePlan::ClonePlan(ClonePlan&&) noexcept = default;
ClonePlan& ClonePlan::operator=(ClonePlan&&) noexcept = default;
ClonePlan::~ClonePlan() = default;

const Summary& ClonePlan::summary() const {
  return work_->summary;
}

namespace {

using Work = ClonePlan::Work;

std::uint64_t source_bytes(const Work& work) {
  return work.source->geometry().bytes;
}

Result<void> check_target(Work& work) {
  const CloneRequest& request = work.request;
  if (TRY(work.machine.overlap(request.source, request.target)))
    return fail(bad_input(request.target, "is or holds what is to be copied, " + request.source,
                          "Choose another drive as the target"));
  return check_target_free(work.machine, request.target);
}

std::string command_of(const CloneRequest& request) {
  std::string command =
      "imager clone " + shell_word(request.source) + " " + shell_word(request.target);
  if (request.threads != 0) command += std::format(" --threads {}", request.threads);
  if (request.all) command += " --all";
  if (request.verify) command += " --verify";
  return command;
}

void summarise(Work& work, const Target& target, const TargetNow& now) {
  Summary& summary = work.summary;
  summary.verb = "clone";
  summary.reads.push_back(describe_drive(
      work.request.source, identity_at(work.machine, work.request.source), source_bytes(work)));
  for (const std::string& note : work.map.layout.notes) summary.warnings.push_back(note);
  for (const VolumeRecord& volume : work.volumes) summary.volumes.push_back(describe_kept(volume));
  summary.overwrites = target;
  summary.overwritten = now.content;
  if (!target.is_file)
    summary.warnings.push_back(
        "Both drives will have the same identifiers: start the computer with one of them only");
  summary.source_bytes = source_bytes(work);
  summary.kept_bytes = work.copied.bytes();
  const std::uint64_t chunks = div_ceil(source_bytes(work), work.settings.chunk);
  summary.memory = engine::clone_memory(work.settings, chunks) +
                   4 * work.map.used.extents().size() * sizeof(Extent);
  summary.threads = work.settings.workers;
  summary.command = command_of(work.request);
}

// Everything from the first write on.
Result<engine::Cloned> write_target(Work& work, io::BlockSink& target, Observer& observer,
                                    const Stop& stop) {
  engine::Cloned cloned;
  {
    Meter meter(observer, "clone", work.summary.kept_bytes, work.volumes);
    // What a smaller target does not have was proved to be empty when the plan was made.
    io::CutSink cut(target, source_bytes(work));
    cloned = TRY(engine::clone(*work.source, work.copied, cut, work.settings, meter, stop));
  }
  TRY(finish_target(target, work.fit, observer));
  return cloned;
}

Result<void> read_back(Work& work, const engine::Cloned& cloned, Report& report, Observer& observer,
                       const Stop& stop) {
  const auto target = TRY(work.machine.open_source(work.request.target));
  Meter meter(observer, "verify", work.summary.kept_bytes, work.volumes);
  const ExtentMap different = TRY(engine::compare_clone(
      *target, work.copied, cloned.digests, source_bytes(work), work.settings, meter, stop));
  if (!different.empty()) return fail(reads_back_differently(work.request.target, different));
  report.verified = true;
  report.lines.push_back("The target was read back and every byte of it is right");
  return {};
}

// What was done comes first.
void tell(const Work& work, Report& report) {
  std::vector<std::string> lines{std::format(
      "Copied {} of {} from {} to {} in {}", human_bytes(report.kept_bytes),
      human_bytes(report.source_bytes), work.request.source, work.request.target,
      human_duration(std::chrono::duration_cast<std::chrono::seconds>(report.elapsed)))};
  if (!report.unreadable.empty())
    lines.push_back(std::format("{} in {} could not be read and are zeros on the target",
                                human_bytes(report.unreadable.bytes()),
                                counted(report.unreadable.extents().size(), "area")));
  report.lines.insert_range(report.lines.begin(), lines);
}

}  // namespace

Result<ClonePlan> plan_clone(sys::Machine& machine, const CloneRequest& request) {
  const unsigned workers = workers_for(machine, request.threads);
  auto work = std::make_unique<Work>(Work{.machine = machine,
                                          .request = request,
                                          .source = TRY(machine.open_source(request.source)),
                                          .map = {},
                                          .volumes = {},
                                          .fit = {},
                                          .copied = {},
                                          .settings = {image::kChunkBytes, workers},
                                          .summary = {}});
  TRY(check_target(*work));
  work->map = TRY(map_disk(*work->source, request.all, users_on(machine, request.source)));
  for (const Volume& volume : work->map.volumes) work->volumes.push_back(record_of(volume));
  const Target target = TRY(machine.target(request.target, source_bytes(*work)));
  const TargetNow now = TRY(look_at_target(machine, target, work->source->geometry()));
  work->fit = TRY(fit_to_target(io::MaskedSource(*work->source, work->map.used), request.target,
                                now.geometry, work->summary));
  work->copied = work->map.used.subtracted(changed_by(work->fit, source_bytes(*work)));
  summarise(*work, target, now);
  return ClonePlan(std::move(work));
}

Result<Report> run(ClonePlan plan, const Consent& consent, Observer& observer, const Stop& stop) {
  Work& work = plan.work();
  if (consent.target() != *work.summary.overwrites)
    return fail(our_bug(work.request.target, "the consent is for another target than the plan"));
  const auto start = std::chrono::steady_clock::now();
  engine::Cloned cloned;
  {
    const auto target = TRY(work.machine.open_target(consent));
    auto written = write_target(work, *target, observer, stop);
    if (!written) return fail(partly_written(std::move(written.error()), "clone"));
    cloned = std::move(*written);
  }
  Report report{.lines = {},
                .source_bytes = work.summary.source_bytes,
                .kept_bytes = work.summary.kept_bytes,
                .unreadable = cloned.unreadable,
                .lost = {},
                .digest = {}};
  if (work.request.verify) TRY(read_back(work, cloned, report, observer, stop));
  reread_table(work.machine, work.request.target, report);
  report.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  tell(work, report);
  return report;
}

}  // namespace drydock::job
