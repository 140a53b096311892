#include "job/save.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "base/units.h"
#include "codec/zstd.h"
#include "engine/cut.h"
#include "engine/save.h"
#include "image/format.h"
#include "image/manifest_json.h"
#include "image/writer.h"
#include "io/split_file.h"
#include "job/describe.h"
#include "job/disk_map.h"
#include "job/estimate.h"
#include "job/image_place.h"
#include "job/meter.h"
#include "job/rescue_map.h"
#include "job/verify.h"
#include "job/version.h"
#include "job/watched_sink.h"
#include "rescue/rescued_source.h"
#include "sys/machine.h"

namespace drydock::job {

struct SavePlan::Work {
  sys::Machine& machine;
  SaveRequest request;
  ImagePlace place;
  std::unique_ptr<io::BlockSource> source;
  DiskMap map;
  Manifest manifest;
  engine::SaveSettings settings;
  Summary summary;
};

SavePlan::SavePlan(std::unique_ptr<Work> work) : work_(std::move(work)) {}
SavePlan::SavePlan(SavePlan&&) noexcept = default;
SavePlan& SavePlan::operator=(SavePlan&&) noexcept = default;
SavePlan::~SavePlan() = default;

const Summary& SavePlan::summary() const {
  return work_->summary;
}

namespace {

using Work = SavePlan::Work;

bool to_standard_output(const SaveRequest& request) {
  return request.image == "-";
}

Result<engine::SaveSettings> settings_of(const SaveRequest& request, sys::Machine& machine) {
  const int level = request.level == 0 ? codec::kDefaultLevel : request.level;
  if (level < codec::kLowestLevel || level > codec::kHighestLevel)
    return fail(bad_input("--level", std::format("{} is not a level", level),
                          std::format("Levels go from {} (fast) to {} (small)", codec::kLowestLevel,
                                      codec::kHighestLevel)));
  const unsigned workers = request.threads == 0 ? machine.processors() : request.threads;
  return engine::SaveSettings{image::kChunkBytes, level, std::clamp(workers, 1U, 256U)};
}

DiskId identity_of(sys::Machine& machine, const std::string& path) {
  const auto target = machine.target(path, 0);
  return target ? target->id : DiskId{};
}

Manifest manifest_of(const Work& work) {
  Manifest manifest{.version = 1,
                    .image_id = {},
                    .created = work.machine.time_of(work.request.source),
                    .tool = std::string(kToolVersion),
                    .note = work.request.note,
                    .geometry = work.source->geometry(),
                    .id = identity_of(work.machine, work.request.source),
                    .table = work.map.layout.table,
                    .table_id = work.map.layout.id,
                    .volumes = {},
                    .chunk_bytes = work.settings.chunk,
                    .kept_bytes = work.map.used.bytes(),
                    .level = work.settings.level};
  for (const Volume& volume : work.map.volumes) manifest.volumes.push_back(record_of(volume));
  manifest.image_id = image::image_id_of(manifest);
  return manifest;
}

// A filesystem without large files gets pieces as large as it takes, unless the person chose a
// size.
Result<void> choose_split(Work& work, const sys::Storage& storage) {
  std::uint64_t& split = work.request.split;
  // It may come out larger than estimated; small pieces do no harm.
  const bool must_split =
      storage.largest_file != 0 &&
      std::max(work.summary.space_needed, work.summary.kept_bytes) >= storage.largest_file;
  if (split == 0 && must_split) split = round_down(storage.largest_file, kMiB);
  if (split == 0) return {};
  if (storage.largest_file != 0 && split > storage.largest_file)
    return fail(
        bad_input("--split",
                  std::format("{} is more than the {} that {} holds in a file", human_bytes(split),
                              human_bytes(storage.largest_file), storage.filesystem),
                  "Choose smaller pieces"));
  TRY(work.machine.check_free(io::piece_name(work.place.path(), 0)));
  work.summary.writes.push_back(std::format("in pieces of {}: {}, ...", human_bytes(split),
                                            io::piece_name(work.request.image, 0)));
  return {};
}

// An image must not be written to the disk that is being saved: it would change while it is read.
Result<void> check_destination(Work& work) {
  if (to_standard_output(work.request)) return {};
  TRY(work.machine.check_free(work.place.path()));
  const sys::Storage storage = TRY(work.machine.storage(work.place.path()));
  work.summary.space_free = storage.free;
  if (!storage.disk.empty() &&
      (storage.disk == work.request.source || storage.device == work.request.source))
    return fail(bad_input(work.request.image,
                          "lies on the disk that is to be saved, " + work.request.source,
                          "Choose a folder on another drive"));
  if (!storage.writable)
    return fail(environment_error(work.request.image, storage.mount_point + " is read-only",
                                  "Choose a folder that can be written"));
  const std::uint64_t needed = work.summary.space_needed;
  if (needed > storage.free)
    return fail(environment_error(
        work.request.image,
        std::format("there is not enough space: the image will need about {}, {} are free, {} are "
                    "missing",
                    human_bytes(needed), human_bytes(storage.free),
                    human_bytes(needed - storage.free)),
        "Make room there or choose another drive"));
  TRY(choose_split(work, storage));
  if (work.summary.kept_bytes > storage.free)
    work.summary.warnings.push_back(
        std::format("The image should need about {}, but if the data compresses worse than its "
                    "sample, the {} that are free may not be enough",
                    human_bytes(needed), human_bytes(storage.free)));
  return {};
}

std::string command_of(const SaveRequest& request) {
  std::string command =
      "imager save " + shell_word(request.source) + " " + shell_word(request.image);
  if (request.level != 0) command += std::format(" --level {}", request.level);
  if (request.threads != 0) command += std::format(" --threads {}", request.threads);
  if (request.split != 0) command += std::format(" --split {}", request.split);
  if (request.all) command += " --all";
  if (!request.map.empty()) command += " --map " + shell_word(request.map);
  if (request.verify) command += " --verify";
  if (request.replace_part) command += " --force part";
  if (!request.note.empty()) command += " --note " + shell_word(request.note);
  return command;
}

std::uint64_t memory_of(const Work& work) {
  const std::uint64_t frames = engine::count_cuts(work.map.used, work.source->geometry().bytes,
                                                  work.settings.chunk, image::kLongestZeroRun);
  const std::uint64_t map = work.map.used.extents().size() * sizeof(Extent);
  // The volumes' own maps, the whole disk's, and the maps as a frame at the end.
  return engine::save_memory(work.settings, frames) + 4 * map;
}

void summarise(Work& work) {
  Summary& summary = work.summary;
  summary.verb = "save";
  summary.reads.push_back(
      describe_drive(work.request.source, work.manifest.id, work.manifest.geometry.bytes));
  for (const std::string& note : work.map.layout.notes) summary.warnings.push_back(note);
  for (const VolumeRecord& volume : work.manifest.volumes)
    summary.volumes.push_back(describe_kept(volume));
  summary.writes.push_back(to_standard_output(work.request) ? "standard output"
                                                            : work.request.image);
  summary.source_bytes = work.manifest.geometry.bytes;
  summary.kept_bytes = work.manifest.kept_bytes;
  summary.space_needed = estimate_image(*work.source, work.map.used, work.settings.level);
  summary.memory = memory_of(work);
  summary.threads = work.settings.workers;
  summary.command = command_of(work.request);
}

// Runs the pipeline into `sink` and fills the report.
Result<void> write_image(Work& work, io::ByteSink& sink, Report& report, Observer& observer,
                         const Stop& stop) {
  image::ImageWriter writer(sink);
  TRY(writer.begin(work.manifest));
  Meter meter(observer, "save", work.manifest.kept_bytes, work.manifest.volumes);
  engine::Saved saved =
      TRY(engine::save(*work.source, work.map.used, work.settings, writer, meter, stop));
  report.digest = saved.digest.hex();
  report.unreadable = std::move(saved.unreadable);
  report.image_bytes = writer.bytes();
  return {};
}

void tell_unreadable(Report& report) {
  if (report.unreadable.empty()) return;
  report.lines.push_back(std::format(
      "{} in {} could not be read and are zeros in the image, which lists them",
      human_bytes(report.unreadable.bytes()), counted(report.unreadable.extents().size(), "area")));
}

Result<std::unique_ptr<io::ByteSink>> create_output(const Work& work) {
  const io::OutputFile::Options options{.expected_bytes = work.summary.space_needed,
                                        .replace_part = work.request.replace_part};
  const std::string& path = work.place.path();
  if (work.request.split != 0) return TRY(io::SplitFile::create(path, work.request.split, options));
  return TRY(work.machine.create_file(path, options));
}

Result<void> read_back(Work& work, Report& report, Observer& observer, const Stop& stop) {
  const VerifyReport found =
      TRY(verify(work.machine, {.image = work.place.path(), .threads = work.settings.workers},
                 observer, stop));
  if (!found.damage.empty())
    return fail(environment_error(
        work.request.image,
        "the image was written, but reads back differently: " + found.damage[0].what,
        "The drive that holds it cannot be trusted; use another one"));
  report.verified = true;
  report.lines.push_back("The image was read back and every byte of it is right");
  return {};
}

Result<std::unique_ptr<io::BlockSource>> open_source(sys::Machine& machine,
                                                     const SaveRequest& request) {
  auto source = TRY(machine.open_source(request.source));
  if (request.map.empty()) return source;
  ExtentMap unread = TRY(unread_by_map(request.map, source->geometry().bytes));
  return std::make_unique<rescue::RescuedSource>(std::move(source), std::move(unread));
}

}  // namespace

Result<SavePlan> plan_save(sys::Machine& machine, const SaveRequest& request) {
  if (request.split != 0 && request.image.starts_with("ssh://"))
    return fail(bad_input("--split", "over SSH an image is not cut into pieces",
                          "Leave it out, or save to a folder or a share"));
  ImagePlace place =
      TRY(ImagePlace::open(machine, request.image, sys::Access::read_write, request.person));
  auto work = std::make_unique<Work>(Work{.machine = machine,
                                          .request = request,
                                          .place = std::move(place),
                                          .source = nullptr,
                                          .map = {},
                                          .manifest = {},
                                          .settings = {},
                                          .summary = {}});
  work->settings = TRY(settings_of(request, machine));
  if (to_standard_output(request) && request.split != 0)
    return fail(
        bad_input("--split", "standard output cannot be cut into pieces", "Give a file as IMAGE"));
  if (to_standard_output(request) && request.verify)
    return fail(bad_input("--verify", "what went to standard output cannot be read back",
                          "Give a file as IMAGE"));
  work->source = TRY(open_source(machine, request));
  work->map = TRY(map_disk(*work->source, request.all, users_on(machine, request.source)));
  work->manifest = manifest_of(*work);
  summarise(*work);
  TRY(check_destination(*work));
  return SavePlan(std::move(work));
}

Result<Report> run(SavePlan plan, Observer& observer, const Stop& stop) {
  Work& work = plan.work();
  const auto start = std::chrono::steady_clock::now();
  Report report{.lines = {},
                .source_bytes = work.manifest.geometry.bytes,
                .kept_bytes = work.manifest.kept_bytes,
                .unreadable = {},
                .digest = {}};
  WatchedSink file(TRY(create_output(work)), observer);
  TRY(write_image(work, file, report, observer, stop));
  observer.on(Notice{"writing everything to the drive"});
  TRY(file.finish());
  report.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  report.lines.push_back(std::format(
      "Saved {} of {} as {} in {}", human_bytes(report.kept_bytes),
      human_bytes(report.source_bytes), human_bytes(report.image_bytes),
      human_duration(std::chrono::duration_cast<std::chrono::seconds>(report.elapsed))));
  if (!to_standard_output(work.request))
    report.lines.push_back("The image is " + work.request.image);
  tell_unreadable(report);
  if (work.request.verify) TRY(read_back(work, report, observer, stop));
  return report;
}

}  // namespace drydock::job
