#include "job/evaluate.h"

#include <algorithm>
#include <format>
#include <iterator>
#include <optional>

#include "base/bytes.h"
#include "evaluate/link.h"
#include "io/slice.h"
#include "job/compare.h"
#include "job/damaged_areas.h"
#include "job/damaged_files.h"
#include "job/describe.h"
#include "job/disk_map.h"
#include "job/drive_at.h"
#include "job/evaluation_report.h"
#include "job/image_place.h"
#include "job/meter.h"
#include "job/version.h"
#include "rescue/rescued_source.h"
#include "sys/machine.h"

namespace drydock::job {
namespace {

using evaluate::Verdict;

constexpr std::size_t kMostFiles = 1000;

Result<evaluate::Health> asked_health(sys::Machine& machine, const std::string& path) {
  return evaluate::read_health(TRY(machine.health_record(path)));
}

class MeterOfScan : public evaluate::Watcher {
 public:
  MeterOfScan(Observer& observer, const std::vector<VolumeRecord>& volumes)
      : observer_(observer), volumes_(volumes) {}

  void moved(std::uint64_t position, std::uint64_t done, std::uint64_t total) override {
    if (!meter_) meter_.emplace(observer_, "surface", total, volumes_);
    meter_->moved(position, done, 0);
  }
  void unreadable(Extent extent) override {
    observer_.on(Unreadable{extent, volume_at(volumes_, extent.offset)});
  }

 private:
  Observer& observer_;
  const std::vector<VolumeRecord>& volumes_;
  std::optional<Meter> meter_;
};

class Run {
 public:
  Run(sys::Machine& machine, const EvaluateRequest& request, Observer& observer, const Stop& stop)
      : machine_(machine), request_(request), observer_(observer), stop_(stop) {}

  Result<Evaluation> evaluate();

 private:
  void identify(const io::BlockSource& disk);
  void ask_health();
  Result<void> read(const io::BlockSource& disk);
  Result<void> scan(const io::BlockSource& disk);
  Result<void> find_files(const io::BlockSource& disk);
  Result<void> measure(const io::BlockSource& disk);
  void find(std::vector<evaluate::Finding> findings);
  void skip(std::string why) { all_.skipped.push_back(std::move(why)); }

  sys::Machine& machine_;
  const EvaluateRequest& request_;
  Observer& observer_;
  const Stop& stop_;
  Evaluation all_;
  bool is_file_ = false;
  bool is_whole_drive_ = false;
  std::vector<VolumeRecord> volumes_;
};

void Run::identify(const io::BlockSource& disk) {
  all_.path = request_.path;
  all_.time = machine_.time_of("");
  all_.tool = kToolVersion;
  all_.geometry = disk.geometry();
  all_.facts = machine_.drive_facts(request_.path);
  const auto target = machine_.target(request_.path, 0);
  is_file_ = !target || target->is_file;
  if (target) all_.id = target->id;
  const auto drive = drive_at(machine_, request_.path);
  is_whole_drive_ = drive.has_value();
  if (drive) all_.rotational = drive->rotational;
}

void Run::ask_health() {
  observer_.on(Began{"health", 0});
  auto health = asked_health(machine_, request_.path);
  if (health)
    all_.health = std::move(*health);
  else
    all_.health = evaluate::unknown_health(health.error().where + " " + health.error().what,
                                           health.error().hint);
  observer_.on(Ended{"health"});
  // What the drive says of itself is more than the kernel or an adapter does.
  if (all_.id.serial.empty()) all_.id.serial = all_.health.serial;
  if (all_.id.model.empty()) all_.id.model = all_.health.model;
  if (all_.facts.firmware.empty()) all_.facts.firmware = all_.health.firmware;
  all_.link = evaluate::link_of(all_.facts, all_.health);
  all_.findings = all_.health.findings;
  // A partition is smaller than its drive for a good reason.
  if (is_whole_drive_) find(judge_connection(all_.link, all_.health, all_.geometry));
}

void Run::find(std::vector<evaluate::Finding> findings) {
  std::ranges::move(findings, std::back_inserter(all_.findings));
}

Result<void> Run::read(const io::BlockSource& disk) {
  if (!request_.full && evaluate::worst(all_.findings) == Verdict::save_now) {
    skip(
        "The drive was not read: it may fail any moment, and each read should save something. Use "
        "imager rescue; --full reads it all the same");
    return {};
  }
  volumes_ = volumes_on(disk);
  for (const VolumeRecord& volume : volumes_)
    all_.volumes.push_back(describe_volume(volume.partition, volume.info));
  TRY(scan(disk));
  if (!all_.surface->bad.empty() || all_.surface->cut != evaluate::Cut::no)
    skip("Speed was not measured, so as not to wear a failing drive");
  else if (is_file_)
    skip("Speed was not measured: this is a file");
  else
    TRY(measure(disk));
  return {};
}

Result<void> Run::scan(const io::BlockSource& disk) {
  MeterOfScan meter(observer_, volumes_);
  all_.surface = TRY(evaluate::scan_surface(disk, {.full = request_.full}, meter, stop_));
  find(evaluate::judge_surface(*all_.surface));
  DamagedAreas areas = damaged_areas(machine_, disk, request_.path, *all_.surface);
  all_.areas = std::move(areas.areas);
  all_.areas_left_out = areas.left_out;
  return find_files(disk);
}

// Not by --quick: a failing drive should give what it still can to a rescue.
Result<void> Run::find_files(const io::BlockSource& disk) {
  const evaluate::Surface& surface = *all_.surface;
  if (surface.bad.empty()) return {};
  if (!request_.full || surface.cut != evaluate::Cut::no) {
    skip(
        "Which files lie where the drive cannot be read was not looked at, so as not to wear it: "
        "imager rescue tells it of the copy");
    return {};
  }
  observer_.on(Notice{"Looking for the files that are hit"});
  const rescue::RescuedSource readable(
      std::make_unique<io::SliceSource>(disk, Extent{0, disk.geometry().bytes}), surface.bad);
  TRY(find_damaged_files(
      readable, volumes_, surface.bad,
      [&](const std::string& volume, const fs::DamagedFile& file) {
        if (all_.files.size() < kMostFiles)
          all_.files.push_back({volume, file});
        else
          ++all_.files_left_out;
      },
      stop_));
  return {};
}

Result<void> Run::measure(const io::BlockSource& disk) {
  observer_.on(Began{"speed", 0});
  observer_.on(Notice{"Measuring speed, which takes less than a minute"});
  all_.speed = TRY(evaluate::measure_speed(
      disk, {.rotational = all_.rotational, .time_random = request_.random_time}, stop_));
  observer_.on(Ended{"speed"});
  if (all_.speed->ended_early && !stop_.requested())
    find({{Verdict::save_now, "drive_gone",
           "The drive went away while its speed was measured: try another cable or port once, and "
           "if "
           "it happens again copy what matters off it first"}});
  return {};
}

Result<Evaluation> Run::evaluate() {
  const auto begun = std::chrono::steady_clock::now();
  std::optional<EarlierReport> earlier;
  if (!request_.compare.empty())
    earlier = TRY(read_earlier_report(machine_, request_.compare, request_.person));
  const auto disk = TRY(machine_.open_source(request_.path));
  identify(*disk);
  ask_health();
  if (earlier) TRY(check_same_drive(*earlier, all_));
  TRY(read(*disk));
  if (stop_.requested()) return fail(cancelled("The evaluation was stopped"));
  if (earlier) find(compare(*earlier, all_));
  evaluate::sort_by_weight(all_.findings);
  all_.verdict = evaluate::worst(all_.findings);
  all_.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - begun);
  return std::move(all_);
}

}  // namespace

Result<Evaluation> evaluate_drive(sys::Machine& machine, const EvaluateRequest& request,
                                  Observer& observer, const Stop& stop) {
  if (!request.report.empty()) TRY(check_report_name(request.report));
  if (request.report.empty()) return Run(machine, request, observer, stop).evaluate();
  const ImagePlace place =
      TRY(ImagePlace::open(machine, request.report, sys::Access::read_write, request.person));
  TRY(machine.check_free(place.path()));
  Evaluation all = TRY(Run(machine, request, observer, stop).evaluate());
  const std::string text = report_text(all, request.report);
  const auto file = TRY(machine.create_file(place.path(), {.expected_bytes = text.size()}));
  TRY(file->append(as_bytes(text)));
  TRY(file->finish());
  return all;
}

}  // namespace drydock::job
