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
#include "job/drive_at.h"
#include "job/estimate.h"
#include "job/image_place.h"
#include "job/meter.h"
#include "job/rescue_map.h"
#include "job/unfinished.h"
#include "job/verify.h"
#include "job/version.h"
#include "job/watched_sink.h"
#include "job/workers.h"
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
  std::optional<Unfinished> left;  // by an earlier run that this one goes on with
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
  return engine::SaveSettings{image::kChunkBytes, level, workers_for(machine, request.threads)};
}

// Of a drive the time of the run that began the image; of a file it is the file's own.
std::string time_of(const Work& work) {
  const auto source = work.machine.target(work.request.source, 0);
  const bool file = source && source->is_file;
  if (!file && work.left && work.left->manifest) return work.left->manifest->created;
  return work.machine.time_of(work.request.source);
}

Manifest manifest_of(const Work& work) {
  Manifest manifest{.version = 1,
                    .image_id = {},
                    .created = time_of(work),
                    .tool = std::string(kToolVersion),
                    .note = work.request.note,
                    .geometry = work.source->geometry(),
                    .id = identity_at(work.machine, work.request.source),
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

// An earlier run's choices, where this one has none of its own.
void adopt_choices(SaveRequest& request, const Unfinished& left) {
  if (request.split == 0) request.split = left.piece_bytes;
  if (!left.manifest) return;
  const Manifest& begun = *left.manifest;
  if (request.level == 0) request.level = begun.level;
  if (request.note.empty()) request.note = begun.note;
  const auto asked_for = [](const VolumeRecord& v) { return v.whole_reason == kAllAskedFor; };
  if (!begun.volumes.empty() && std::ranges::all_of(begun.volumes, asked_for)) request.all = true;
}

Error cannot_go_on(const Unfinished& left, const std::string& why) {
  return bad_input(left.name, "cannot be continued: " + why,
                   "Save to another name. If nobody needs what it holds, --force part overwrites "
                   "it");
}

Result<void> check_left(const Work& work) {
  if (!work.left || !work.left->manifest) return {};
  const Manifest& begun = *work.left->manifest;
  if (const std::string why = difference(begun, work.manifest); !why.empty())
    return fail(cannot_go_on(*work.left, why));
  if (begun.created != work.manifest.created)
    return fail(cannot_go_on(*work.left, std::format("{} was changed at {}", work.request.source,
                                                     work.manifest.created)));
  if (!TRY(image::begins_with(*work.left->content, work.manifest)))
    return fail(cannot_go_on(*work.left, "its manifest is written in another way"));
  return {};
}

// What an earlier run has stored need not be stored again.
std::uint64_t stored_bytes(const Work& work) {
  return work.left ? work.left->content->geometry().bytes : 0;
}

// A filesystem without large files gets pieces as large as it takes, unless the person chose a
// size.
Result<void> choose_split(Work& work, const sys::Storage& storage) {
  std::uint64_t& split = work.request.split;
  // It may come out larger than estimated; small pieces do no harm.
  const bool must_split =
      storage.largest_file != 0 &&
      std::max(work.summary.space_needed, work.summary.kept_bytes) >= storage.largest_file;
  const bool one_file = work.left && !work.left->pieces;
  if (one_file && split != 0)
    return fail(bad_input("--split", work.left->name + " was begun as one file",
                          "Leave it out to go on with that"));
  if (split == 0 && must_split && !one_file) split = round_down(storage.largest_file, kMiB);
  if (split == 0 && work.left && work.left->pieces)
    return fail(bad_input(
        work.left->name, "is the only piece of its image, which does not tell how large pieces are",
        "Give the --split of the run that began it"));
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
  const std::uint64_t stored = stored_bytes(work);
  const std::uint64_t needed =
      work.summary.space_needed - std::min(work.summary.space_needed, stored);
  if (needed > storage.free)
    return fail(environment_error(
        work.request.image,
        std::format("there is not enough space: the image will need about {}, {} are free, {} are "
                    "missing",
                    human_bytes(needed), human_bytes(storage.free),
                    human_bytes(needed - storage.free)),
        "Make room there or choose another drive"));
  TRY(choose_split(work, storage));
  if (work.summary.kept_bytes > storage.free + stored)
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
  if (request.resume) command += " --resume";
  if (request.replace_part) command += " --force part";
  if (!request.note.empty()) command += " --note " + shell_word(request.note);
  return command;
}

std::uint64_t memory_of(const Work& work) {
  const std::uint64_t frames = engine::count_cuts(work.map.used, work.source->geometry().bytes,
                                                  work.settings.chunk, image::kLongestZeroRun);
  const std::uint64_t map = work.map.used.extents().size() * sizeof(Extent);
  // The volumes' own maps, the whole disk's, and the maps as a frame at the end.
  return engine::save_memory(work.settings, frames, work.left.has_value()) + 4 * map;
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
  if (work.left)
    summary.writes.push_back(
        std::format("goes on with {} of an earlier run, which are compared with the disk first",
                    human_bytes(stored_bytes(work))));
  else if (work.request.resume)
    summary.writes.push_back("nothing of an earlier run is there, so it starts at the beginning");
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
  const io::BlockSource* const stored = work.left ? work.left->content.get() : nullptr;
  image::ImageWriter writer(sink, stored);
  TRY(writer.begin(work.manifest));
  Meter meter(observer, "save", work.manifest.kept_bytes, work.manifest.volumes);
  engine::Saved saved =
      TRY(engine::save(*work.source, work.map.used, work.settings, writer, meter, stop, stored));
  if (stored != nullptr)
    report.lines.push_back(std::format(
        "{} of the image were there from the earlier run, are whole and are what the disk holds",
        human_bytes(writer.kept_bytes())));
  report.digest = saved.digest.hex();
  report.unreadable = std::move(saved.unreadable);
  report.image_bytes = writer.bytes();
  return {};
}

// The same to the end: on stable storage, under its name.
Result<void> store(Work& work, io::ByteSink& sink, Report& report, Observer& observer,
                   const Stop& stop) {
  TRY(write_image(work, sink, report, observer, stop));
  observer.on(Notice{"writing everything to the drive"});
  return sink.finish();
}

void tell_unreadable(Report& report) {
  if (report.unreadable.empty()) return;
  report.lines.push_back(std::format(
      "{} in {} could not be read and are zeros in the image, which lists them",
      human_bytes(report.unreadable.bytes()), counted(report.unreadable.extents().size(), "area")));
}

Error to_be_resumed(const Work& work, Error error) {
  const bool resumable = error.code != Code::bad_input && error.code != Code::bug;
  if (to_standard_output(work.request) || !resumable) return error;
  error.hint += std::string(error.hint.empty() ? "" : ". ") +
                "The same command with --resume goes on where it ended";
  return error;
}

Result<std::unique_ptr<io::ByteSink>> create_output(const Work& work) {
  using Leftover = io::OutputFile::Leftover;
  const io::OutputFile::Options options{.expected_bytes = work.summary.space_needed,
                                        .leftover = work.left                   ? Leftover::keep
                                                    : work.request.replace_part ? Leftover::replace
                                                                                : Leftover::refuse};
  const std::string& path = work.place.path();
  if (work.request.split != 0) return TRY(io::SplitFile::create(path, work.request.split, options));
  return TRY(work.machine.create_file(path, options));
}

// Once more, now that no other run can write to it.
Result<void> look_again(Work& work) {
  if (!work.left) return {};
  const bool had_manifest = work.left->manifest.has_value();
  work.left = TRY(find_unfinished(work.machine, work.place.path(), work.left->pieces));
  const bool same = work.left && work.left->manifest.has_value() == had_manifest &&
                    (!had_manifest || TRY(image::begins_with(*work.left->content, work.manifest)));
  if (same) return {};
  return fail(environment_error(work.request.image, "what an earlier run left of it has changed",
                                "Start again"));
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
                                          .left = {},
                                          .summary = {}});
  if (to_standard_output(request) && request.split != 0)
    return fail(
        bad_input("--split", "standard output cannot be cut into pieces", "Give a file as IMAGE"));
  if (to_standard_output(request) && request.verify)
    return fail(bad_input("--verify", "what went to standard output cannot be read back",
                          "Give a file as IMAGE"));
  if (request.resume) {
    if (to_standard_output(request))
      return fail(bad_input("--resume", "of what went to standard output nothing is left",
                            "Give a file as IMAGE"));
    work->left = TRY(find_unfinished(machine, work->place.path(), request.split != 0));
    if (work->left) adopt_choices(work->request, *work->left);
  }
  work->settings = TRY(settings_of(work->request, machine));
  work->source = TRY(open_source(machine, request));
  work->map = TRY(map_disk(*work->source, work->request.all, users_on(machine, request.source)));
  work->manifest = manifest_of(*work);
  TRY(check_left(*work));
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
                .lost = {},
                .digest = {}};
  WatchedSink file(TRY(create_output(work)), observer);
  TRY(look_again(work));
  if (auto stored = store(work, file, report, observer, stop); !stored)
    return fail(to_be_resumed(work, std::move(stored.error())));
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
