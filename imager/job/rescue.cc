#include "job/rescue.h"

#include <algorithm>
#include <filesystem>
#include <format>

#include "base/units.h"
#include "core/url.h"
#include "io/file_sink.h"
#include "io/sparse_sink.h"
#include "job/damaged_files.h"
#include "job/describe.h"
#include "job/disk_map.h"
#include "job/image_place.h"
#include "job/meter.h"
#include "job/rescue_cells.h"
#include "job/rescue_map.h"
#include "job/target_disk.h"
#include "rescue/mapfile_store.h"
#include "rescue/passes.h"
#include "rescue/rescued_source.h"
#include "rescue/survey_source.h"
#include "sys/machine.h"

namespace drydock::job {

using rescue::AreaMap;
using rescue::Mapfile;
using rescue::Status;

struct RescuePlan::Work {
  sys::Machine& machine;
  RescueRequest request;
  ImagePlace place;
  std::unique_ptr<io::BlockSource> source;
  std::string source_path;  // as the kernel names it
  RescueOf rescue;
  std::string map_path;
  Mapfile state;
  bool state_names_target = false;
  bool begins = false;  // the copy is a file that is not there yet
  rescue::Settings settings;
  rescue::Reads surveyed = {};  // for the allocation maps
  Summary summary;
};

RescuePlan::RescuePlan(std::unique_ptr<Work> work) : work_(std::move(work)) {}
RescuePlan::RescuePlan(RescuePlan&&) noexcept = default;
RescuePlan& RescuePlan::operator=(RescuePlan&&) noexcept = default;
RescuePlan::~RescuePlan() = default;

const Summary& RescuePlan::summary() const {
  return work_->summary;
}

namespace {

using Work = RescuePlan::Work;

std::string command_of(const RescueRequest& request) {
  std::string command =
      "imager rescue " + shell_word(request.source) + " " + shell_word(request.target);
  if (!request.map.empty()) command += " --map " + shell_word(request.map);
  if (request.retries != 0) command += std::format(" --passes {}", request.retries);
  if (request.used_first) command += " --used-first";
  return command;
}

// Beside a file; a device has no beside.
Result<std::string> map_path_of(const RescueRequest& request, const Target& target) {
  if (is_url(request.map))
    return fail(bad_input("--map", request.map + " is no path", "Give a file of this computer"));
  if (!request.map.empty()) return request.map;
  if (target.is_file) return target.path + ".map";
  return fail(bad_input("--map", "a rescue to a device must be told where its map shall be",
                        "Give a file that will still be there after a restart"));
}

bool same_thing(const std::string& a, const std::string& b) {
  std::error_code ignored;
  return a == b || std::filesystem::equivalent(a, b, ignored);
}

// "/dev/sda2" of "/dev/sda", "/dev/nvme0n1p2" of "/dev/nvme0n1".
bool is_partition_of(const std::string& partition, const std::string& disk) {
  if (disk.empty() || !partition.starts_with(disk) || partition == disk) return false;
  const char next = partition[disk.size()];
  return next == 'p' || (next >= '0' && next <= '9');
}

Error on_the_source(const std::string& path, const std::string& source) {
  return bad_input(path, "lies on the drive that is to be rescued, " + source,
                   "Choose a place on another drive");
}

// Neither the copy nor the map may be written to the drive that is being rescued.
Result<void> check_place(Work& work, const std::string& path, const std::string& shown) {
  const std::string& drive = work.source_path;
  const sys::Storage storage = TRY(work.machine.storage(path));
  const bool on_it = !storage.disk.empty() && (storage.disk == drive || storage.device == drive ||
                                               is_partition_of(drive, storage.disk));
  if (same_thing(path, work.request.source) || on_it) return fail(on_the_source(shown, drive));
  if (!storage.writable)
    return fail(environment_error(shown, storage.mount_point + " is read-only",
                                  "Choose a folder that can be written"));
  return {};
}

Result<void> check_device(Work& work, const Target& target) {
  TRY(check_target_free(work.machine, target.path));
  const DiskId& id = work.rescue.source;
  if (same_thing(target.path, work.request.source) || (!id.serial.empty() && id == target.id) ||
      is_partition_of(target.path, work.source_path) ||
      is_partition_of(work.source_path, target.path))
    return fail(on_the_source(target.path, work.request.source));
  if (target.bytes < work.rescue.bytes)
    return fail(bad_input(target.path,
                          std::format("is too small: it has {} bytes, the source {}", target.bytes,
                                      work.rescue.bytes),
                          "Choose a larger target"));
  if (work.state.map.bytes_of(Status::finished) != 0 && !work.state_names_target)
    work.summary.warnings.push_back(
        "The map does not say where its copy is: what it calls rescued "
        "must be on this target already");
  work.summary.overwrites = target;
  if (const auto source = work.machine.open_source(target.path))
    if (const auto map = map_disk(**source, true))
      work.summary.overwritten = describe_content(*map);
  return {};
}

// A copy and its map belong together: one without the other is not gone on with.
Result<void> check_file(Work& work, const Target& target) {
  const auto existing = work.machine.open_source(target.path);
  const std::uint64_t held = existing ? (*existing)->geometry().bytes : 0;
  const bool has_map = TRY(rescue::load_mapfile(work.map_path)).has_value();
  const std::uint64_t finished = work.state.map.bytes_of(Status::finished);
  work.begins = held == 0;
  if (work.state.map.extents_of(Status::finished).end() > held)
    return fail(bad_input(target.path,
                          std::format("{}, but its map {} says that {} are in it",
                                      held == 0 ? "is not there" : "was cut off", work.map_path,
                                      human_bytes(finished)),
                          "Put it back, or remove the map to start anew"));
  if (held != 0 && !has_map)
    return fail(environment_error(
        target.path, "exists already, and there is no map of a rescue " + work.map_path,
        "Choose another name, or give its map with --map"));
  if (held > work.rescue.bytes)
    return fail(bad_input(
        target.path,
        std::format("has {} bytes, more than the source, which has {}", held, work.rescue.bytes),
        "Choose another name"));
  const sys::Storage storage = TRY(work.machine.storage(target.path));
  if (storage.largest_file != 0 && work.rescue.bytes > storage.largest_file)
    return fail(environment_error(
        target.path,
        std::format("{} holds no file of {}, but of {} at most", storage.filesystem,
                    human_bytes(work.rescue.bytes), human_bytes(storage.largest_file)),
        "Choose a drive with another filesystem"));
  work.summary.space_free = storage.free;
  work.summary.space_needed = work.rescue.bytes - finished;
  if (work.summary.space_needed > storage.free)
    work.summary.warnings.push_back(
        std::format("Only {} are free; what is all zero takes no room. When it is full the rescue "
                    "stops, and goes on once there is room",
                    human_bytes(storage.free)));
  return {};
}

std::string progress_of(const AreaMap& map) {
  return std::format(
      "goes on where it was: {} are rescued, {} are bad, {} are left",
      human_bytes(map.bytes_of(Status::finished)), human_bytes(map.bytes_of(Status::bad)),
      human_bytes(map.bytes() - map.bytes_of(Status::finished) - map.bytes_of(Status::bad)));
}

void summarise(Work& work) {
  Summary& summary = work.summary;
  const AreaMap& map = work.state.map;
  summary.verb = "rescue";
  summary.reads.push_back(
      describe_drive(work.request.source, work.rescue.source, work.rescue.bytes));
  summary.writes.push_back(work.request.target);
  summary.writes.push_back(work.map_path + ", the map of the rescue");
  if (map.bytes_of(Status::non_tried) != map.bytes()) summary.writes.push_back(progress_of(map));
  summary.source_bytes = map.bytes();
  summary.kept_bytes = map.bytes() - map.bytes_of(Status::finished);
  // The runs, twice while their memory grows, and the text that they are read from and written as.
  summary.memory = work.settings.cluster + 3 * AreaMap::kMaxAreas * 16 + rescue::kMaxMapfileBytes;
  summary.threads = 1;
  summary.command = command_of(work.request);
}

// What the passes tell, for an observer; the state to its file.
class Teller : public rescue::Watcher {
 public:
  Teller(Work& work, Observer& observer, std::size_t domains)
      : work_(work),
        observer_(observer),
        domains_(domains),
        done_before_(done(work.state.map)),
        meter_(observer, "rescue", work.state.map.bytes() - done_before_, kNoVolumes) {}
  ~Teller() override { tell(work_.state); }
  Teller(const Teller&) = delete;
  Teller& operator=(const Teller&) = delete;

  void began(const rescue::Step& step, std::size_t domain) override {
    std::string text = describe(step);
    if (domains_ > 1) text += domain == 0 ? ", what is in use" : ", all the rest";
    observer_.on(Notice{text});
    step_ = std::move(text);
  }
  void moved(const Mapfile& rescue, const rescue::Reads& reads) override {
    reads_ = reads;
    if (Clock::now() - told_ >= kEvery) tell(rescue);
    // A retry that wins a sector moves nothing: it was done with before.
    const std::uint64_t now = std::max(done(rescue.map), done_before_);
    meter_.moved(rescue.step.position, now - done_before_, rescue.map.bytes_of(Status::finished));
  }
  Result<void> keep(const Mapfile& rescue) override {
    return rescue::store_mapfile(work_.map_path, rescue);
  }
  // What was read until now is in Work::surveyed.
  void survey_ended() { reads_ = {}; }

 private:
  static std::uint64_t done(const AreaMap& map) {
    return map.bytes_of(Status::finished) + map.bytes_of(Status::bad);
  }

  void tell(const Mapfile& rescue) {
    constexpr std::size_t kCells = 1000;
    const AreaMap& map = rescue.map;
    told_ = Clock::now();
    observer_.on(
        Rescued{.step = step_,
                .cells = rescue_cells(map, kCells),
                .position = rescue.step.position,
                .rescued = map.bytes_of(Status::finished),
                .untried = map.bytes_of(Status::non_tried),
                .failed = map.bytes_of(Status::non_trimmed) + map.bytes_of(Status::non_scraped),
                .bad = map.bytes_of(Status::bad),
                .reads = work_.surveyed.all + reads_.all,
                .reads_failed = work_.surveyed.failed + reads_.failed});
  }

  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kEvery{1};
  static inline const std::vector<VolumeRecord> kNoVolumes;

  Work& work_;
  Observer& observer_;
  std::size_t domains_;
  std::uint64_t done_before_;
  std::string step_ = "Reading what is in use";
  rescue::Reads reads_;
  Clock::time_point told_{};
  Meter meter_;
};

Error gone_on_with(Error error, const Work& work) {
  if (error.code == Code::cancelled) return error;
  error.hint +=
      (error.hint.empty() ? "" : ". ") +
      std::format("What was read is safe; the same command goes on: {}", work.summary.command);
  return error;
}

// What is in use according to the filesystems, which are read through the damage.
Result<ExtentMap> survey(Work& work, io::BlockSink& copy, Teller& teller, Observer& observer,
                         const Stop& stop) {
  observer.on(Notice{"Reading what is in use"});
  rescue::Reader reader(*work.source, copy, work.state, work.settings, teller, stop);
  // A device that is open for writing is not opened for reading as well.
  std::unique_ptr<io::BlockSource> copied;
  if (!work.summary.overwrites) copied = TRY(work.machine.open_source(work.place.path()));
  const rescue::SurveySource source(reader, *work.source, copied.get());
  const auto map = map_disk(source, false, users_on(work.machine, work.request.source));
  work.surveyed = reader.reads();
  teller.survey_ended();
  TRY(reader.keep());
  if (!map) {
    if (map.error().code == Code::environment || map.error().code == Code::cancelled)
      return fail(map.error());
    observer.on(Notice{"What is in use cannot be told: " + map.error().what});
    return ExtentMap::whole(work.rescue.bytes);
  }
  for (const Volume& volume : map->volumes) observer.on(Notice{describe_kept(record_of(volume))});
  return map->used.aligned_outward(work.settings.cluster, work.rescue.bytes);
}

Result<rescue::Reads> fill(Work& work, io::BlockSink& copy, Observer& observer, const Stop& stop) {
  rescue::join_sectors(work.state.map, work.settings.sector);
  TRY(rescue::store_mapfile(work.map_path, work.state));
  std::vector<ExtentMap> domains = {ExtentMap::whole(work.rescue.bytes)};
  Teller teller(work, observer, work.request.used_first ? 2 : 1);
  if (work.request.used_first)
    domains.insert(domains.begin(), TRY(survey(work, copy, teller, observer, stop)));
  rescue::Reads reads =
      TRY(rescue::run(*work.source, copy, work.state, domains, work.settings, teller, stop));
  reads.all += work.surveyed.all;
  reads.failed += work.surveyed.failed;
  return reads;
}

Result<rescue::Reads> fill_target(Work& work, const Consent* consent, Observer& observer,
                                  const Stop& stop) {
  if (consent != nullptr) {
    const auto device = TRY(work.machine.open_target(*consent));
    return fill(work, *device, observer, stop);
  }
  // The map first: a copy without one is nobody's.
  if (work.begins) TRY(rescue::store_mapfile(work.map_path, work.state));
  const auto file = TRY(io::open_kept_file(work.place.path(), work.rescue.bytes));
  io::SparseSink sparse(*file);
  return fill(work, sparse, observer, stop);
}

// Which volumes and files the unread areas are of, as far as the copy tells.
void tell_damaged(const Work& work, const io::BlockSource& copy,
                  const std::vector<VolumeRecord>& on_copy, Report& report, const Stop& stop) {
  constexpr std::size_t kShown = 10;
  std::vector<std::string> files;
  std::uint64_t all = 0;
  const auto volumes = find_damaged_files(
      copy, on_copy, report.unreadable,
      [&](const std::string&, const fs::DamagedFile& file) {
        if (++all <= kShown) files.push_back("Damaged: " + describe_damaged(file));
      },
      stop);
  if (!volumes) return;
  for (const DamagedVolume& volume : *volumes) report.lines.push_back(describe_damaged(volume));
  report.lines.append_range(files);
  if (all == 0) return;
  std::string list = "imager damaged " + shell_word(work.request.target);
  if (!work.request.map.empty()) list += " --map " + shell_word(work.request.map);
  report.lines.push_back("All damaged files are listed by: " + list);
}

void tell_unread(const Work& work, Report& report, Observer& observer, const Stop& stop) {
  if (report.unreadable.empty()) return;
  report.lines.push_back(std::format("{} in {} could not be read",
                                     human_bytes(report.unreadable.bytes()),
                                     counted(report.unreadable.extents().size(), "area")));
  auto copy = work.machine.open_source(work.place.path());
  if (!copy) return;
  observer.on(Notice{"Looking for the files that are damaged"});
  const rescue::RescuedSource source(std::move(*copy), report.unreadable);
  const std::vector<VolumeRecord> volumes = volumes_on(source);
  for (std::string& line : describe_missing(report.unreadable, volumes))
    report.lines.push_back(std::move(line));
  tell_damaged(work, source, volumes, report, stop);
}

Report report_of(const Work& work, const rescue::Reads& reads,
                 std::chrono::steady_clock::duration elapsed, Observer& observer,
                 const Stop& stop) {
  const AreaMap& map = work.state.map;
  Report report{.lines = {},
                .source_bytes = map.bytes(),
                .kept_bytes = map.bytes_of(Status::finished),
                .image_bytes = map.bytes(),
                .elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(elapsed),
                .unreadable = map.extents_of(Status::finished).complement(map.bytes()),
                .lost = {},
                .digest = {}};
  report.lines.push_back(std::format(
      "{} of {} are rescued; {} in {}, {} of them failed", human_bytes(report.kept_bytes),
      human_bytes(report.source_bytes), counted(reads.all, "read"),
      human_duration(std::chrono::duration_cast<std::chrono::seconds>(elapsed)), reads.failed));
  report.lines.push_back(
      std::format("The copy is {}, its map {}", work.request.target, work.map_path));
  tell_unread(work, report, observer, stop);
  return report;
}

}  // namespace

Result<RescuePlan> plan_rescue(sys::Machine& machine, const RescueRequest& request) {
  ImagePlace place =
      TRY(ImagePlace::open(machine, request.target, sys::Access::read_write, request.person));
  if (machine.reaches(place.path()))
    return fail(bad_input(request.target,
                          "a rescue writes here and there, which SSH is not made for",
                          "Choose a drive of this computer, or a share of SMB or NFS"));
  auto work = std::make_unique<Work>(Work{.machine = machine,
                                          .request = request,
                                          .place = std::move(place),
                                          .source = TRY(machine.open_source(request.source)),
                                          .source_path = request.source,
                                          .rescue = {},
                                          .map_path = {},
                                          .state = {},
                                          .state_names_target = false,
                                          .begins = false,
                                          .settings = {},
                                          .summary = {}});
  const Geometry& geometry = work->source->geometry();
  if (geometry.bytes == 0) return fail(bad_input(request.source, "is empty"));
  const Target target = TRY(machine.target(work->place.path(), geometry.bytes));
  const auto source = machine.target(request.source, 0);
  if (source) work->source_path = source->path;
  work->rescue = {.source = source ? source->id : DiskId{},
                  .bytes = geometry.bytes,
                  .target = target,
                  .command = command_of(request)};
  work->settings.sector = std::max(geometry.logical_sector, geometry.physical_sector);
  work->settings.retries = request.retries;
  work->map_path = TRY(map_path_of(request, target));
  TRY(check_place(*work, work->map_path, work->map_path));
  if (target.is_file) TRY(check_place(*work, target.path, request.target));
  RescueMap map = TRY(load_rescue_map(work->map_path, work->rescue));
  work->state = std::move(map.state);
  work->state_names_target = map.names_target;
  TRY(target.is_file ? check_file(*work, target) : check_device(*work, target));
  if (const auto users = machine.users(request.source); users && !users->empty())
    work->summary.warnings.push_back("It may change while it is read: " + users->front());
  summarise(*work);
  return RescuePlan(std::move(work));
}

Result<Report> run(RescuePlan plan, const Consent* consent, Observer& observer, const Stop& stop) {
  Work& work = plan.work();
  const auto& overwrites = work.summary.overwrites;
  if (overwrites.has_value() != (consent != nullptr) ||
      (consent != nullptr && consent->target() != *overwrites))
    return fail(our_bug(work.request.target, "the consent is for another target than the plan"));
  const auto start = std::chrono::steady_clock::now();
  const auto reads = fill_target(work, consent, observer, stop);
  if (!reads) return fail(gone_on_with(reads.error(), work));
  Report report = report_of(work, *reads, std::chrono::steady_clock::now() - start, observer, stop);
  if (consent == nullptr) return report;
  if (const auto reread = work.machine.reread_table(work.place.path()); !reread)
    report.lines.push_back("The system still uses the old partition table until it is restarted: " +
                           reread.error().what);
  return report;
}

}  // namespace drydock::job
