#include "unit/tui/fake_jobs.h"

#include <algorithm>
#include <format>

#include "base/units.h"

namespace drydock::tui {
namespace {

void add_volume(job::ListedDisk& disk, unsigned number, Extent extent, VolumeInfo info) {
  Partition partition;
  partition.number = number;
  partition.extent = extent;
  disk.layout.partitions.push_back(partition);
  disk.volumes.push_back(std::move(info));
}

VolumeInfo volume(std::string filesystem, std::string label, std::uint64_t total,
                  std::uint64_t used, std::string system = {}) {
  VolumeInfo info;
  info.filesystem = std::move(filesystem);
  info.label = std::move(label);
  info.total = total;
  info.used = used;
  info.free = total - used;
  info.system = std::move(system);
  return info;
}

Disk disk(std::string path, DiskId id, std::uint64_t bytes) {
  Disk made;
  made.path = std::move(path);
  made.id = std::move(id);
  made.geometry.bytes = bytes;
  made.read_only = true;
  return made;
}

job::Destination usb_volume() {
  job::Destination place;
  place.device = "/dev/sdb1";
  place.disk = "/dev/sdb";
  place.disk_name = "SanDisk Extreme (4C530001)";
  place.filesystem = "ext4";
  place.label = "Backup";
  place.bytes = 115 * kGiB;
  place.free = 90 * kGiB;
  return place;
}

std::vector<job::FolderEntry> usb_root() {
  job::FolderEntry folder;
  folder.name = "photos";
  folder.folder = true;
  job::FolderEntry image;
  image.name = "laptop-2026-10-01.img.zst";
  image.image = true;
  image.bytes = 7 * kGiB;
  image.created = "2026-10-01T19:20:00Z";
  image.source = "Samsung SSD 870, 250 GB";
  job::FolderEntry incomplete;
  incomplete.name = "old.img.zst.part";
  incomplete.incomplete = true;
  incomplete.bytes = kGiB;
  job::FolderEntry letter;
  letter.name = "letter.txt";
  letter.bytes = 1200;
  return {folder, image, incomplete, letter};
}

Manifest laptop_manifest() {
  Manifest manifest;
  manifest.created = "2026-10-01T19:20:00Z";
  manifest.note = "before the update";
  manifest.geometry.bytes = 250'059'350'016;
  manifest.id.model = "Samsung SSD 870";
  VolumeRecord record;
  record.partition.number = 1;
  record.partition.extent = {kMiB, 232 * kGiB};
  manifest.volumes.push_back(record);
  return manifest;
}

job::Summary summary_of_save() {
  job::Summary summary;
  summary.verb = "save";
  summary.reads = {"WDC WD5000 (WX11A123), 500 GB"};
  summary.volumes = {"partition 1, FAT32 \"ESP\": 6.0 MiB of 512.0 MiB are in use and kept",
                     "partition 2, ext4 \"root\": 14.1 GiB of 464.3 GiB are in use and kept",
                     "partition 3, swap: all 976.0 MiB are kept, because its table gives doubt"};
  summary.writes = {"/run/drydock/mnt/sdb1/debian-pc-2026-11-25.img.zst"};
  summary.source_bytes = 500'107'862'016;
  summary.kept_bytes = 15 * kGiB;
  summary.space_needed = 6 * kGiB;
  summary.space_free = 90 * kGiB;
  summary.memory = 96 * kMiB;
  summary.threads = 4;
  summary.command =
      "imager save /dev/sda /run/drydock/mnt/sdb1/debian-pc-2026-11-25.img.zst --verify";
  return summary;
}

job::Summary summary_of_restore() {
  job::Summary summary;
  summary.verb = "restore";
  summary.reads = {"/run/drydock/mnt/sdb1/laptop-2026-10-01.img.zst",
                   "made on 2026-10-01T19:20:00Z from Samsung SSD 870, 250 GB"};
  summary.volumes = {"partition 1, ext4 \"root\": 14.1 GiB of 232.0 GiB are in use and kept"};
  summary.writes = {"the backup GPT moves to the end of the larger disk"};
  summary.overwrites = Target{"/dev/sda", internal_disk().disk.id, 500'107'862'016, false};
  summary.overwritten = {"a GPT table with 3 partitions", "partition 1, FAT32 \"ESP\", 512.0 MiB",
                         "partition 2, ext4 \"root\", 464.3 GiB", "partition 3, swap, 976.0 MiB"};
  summary.source_bytes = 250'059'350'016;
  summary.kept_bytes = 14 * kGiB;
  summary.memory = 64 * kMiB;
  summary.threads = 4;
  summary.command = "imager restore /run/drydock/mnt/sdb1/laptop-2026-10-01.img.zst /dev/sda";
  return summary;
}

job::Summary summary_of_rescue() {
  job::Summary summary;
  summary.verb = "rescue";
  summary.reads = {"WDC WD5000 (WX11A123), 500 GB"};
  summary.writes = {"/run/drydock/mnt/sdb1/WDC-WD5000-WX11A123.img",
                    "/run/drydock/mnt/sdb1/WDC-WD5000-WX11A123.img.map, the map of the rescue"};
  summary.warnings = {
      "Only 90.0 GiB are free; what is all zero takes no room. When it is full the rescue stops, "
      "and goes on once there is room"};
  summary.source_bytes = summary.kept_bytes = summary.space_needed = 500'107'862'016;
  summary.space_free = 90 * kGiB;
  summary.memory = 112 * kMiB;
  summary.threads = 1;
  summary.command =
      "imager rescue /dev/sda /run/drydock/mnt/sdb1/WDC-WD5000-WX11A123.img --used-first";
  return summary;
}

}  // namespace

job::ListedDisk internal_disk() {
  job::ListedDisk made;
  made.disk = disk("/dev/sda", {"WDC WD5000", "WX11A123", "", "SATA"}, 500'107'862'016);
  made.layout.table = TableKind::gpt;
  add_volume(made, 1, {kMiB, 512 * kMiB}, volume("FAT32", "ESP", 512 * kMiB, 6 * kMiB));
  add_volume(made, 2, {513 * kMiB, 464 * kGiB},
             volume("ext4", "root", 464 * kGiB, 14 * kGiB, "Debian 13"));
  add_volume(made, 3, {465 * kGiB, 976 * kMiB}, volume("swap", "", 0, 0));
  return made;
}

job::ListedDisk usb_disk() {
  job::ListedDisk made;
  made.disk = disk("/dev/sdb", {"SanDisk Extreme", "4C530001", "", "USB"}, 123'480'309'760);
  made.disk.removable = true;
  made.layout.table = TableKind::mbr;
  add_volume(made, 1, {kMiB, 115 * kGiB}, volume("ext4", "Backup", 115 * kGiB, 25 * kGiB));
  return made;
}

job::ListedDisk empty_disk() {
  job::ListedDisk made;
  made.disk = disk("/dev/sdc", {"TOSHIBA MQ01", "Y5K2T", "", "SATA"}, 1'000'204'886'016);
  return made;
}

job::Evaluation failing_drive() {
  constexpr std::size_t kBands = 240;
  constexpr std::size_t kPoints = 33;
  const Disk disk = internal_disk().disk;
  job::Evaluation all;
  all.path = disk.path;
  all.time = "2026-11-25T08:15:00Z";
  all.tool = "Drydock";
  all.id = disk.id;
  all.geometry = disk.geometry;
  all.rotational = true;
  all.health.passed = true;
  all.health.temperature = 41;
  all.health.hours = 31'204;
  all.volumes = {"partition 1, FAT32 \"ESP\"", "partition 2, ext4 \"root\""};
  evaluate::Surface& surface = all.surface.emplace();
  surface.bytes_read = 6 * kGiB;
  surface.bad = ExtentMap::from({{208 * kGiB, 64 * kKiB}});
  surface.elapsed = std::chrono::seconds(60);
  for (std::size_t i = 0; i < kBands; ++i) {
    evaluate::Band& band = surface.bands.emplace_back();
    band.bytes_read = kMiB;
    band.slowest = std::chrono::milliseconds(i == 100 ? 2400 : 9 + i % 3);
  }
  evaluate::Speed& speed = all.speed.emplace();
  for (std::size_t i = 0; i < kPoints; ++i)
    speed.sequential.push_back({i, 160e6 - 2.5e6 * static_cast<double>(i)});
  all.areas = {{{208 * kGiB, 64 * kKiB}, true, "partition 2, ext4 \"root\"", job::Area::Use::used}};
  all.findings = {{evaluate::Verdict::save_now, "unreadable",
                   "64.0 KiB in 1 area could not be read: copy what matters off the drive first"},
                  {evaluate::Verdict::watch, "age", "It has run for 3.6 years"}};
  all.verdict = evaluate::Verdict::save_now;
  all.elapsed = std::chrono::seconds(97);
  return all;
}

job::Rescued rescue_under_way() {
  job::Rescued now;
  now.step = "Copying, pass 1 (forwards), what is in use";
  now.cells = std::string(420, '+') + "-*" + std::string(60, '+') + std::string(518, '?');
  now.cells[300] = '/';
  now.position = 241 * kGiB;
  now.rescued = 238 * kGiB;
  now.failed = 1216 * kKiB;
  now.bad = 36 * kKiB;
  now.untried = 500'107'862'016 - now.rescued - now.failed - now.bad;
  now.reads = 3'899'520;
  now.reads_failed = 28;
  return now;
}

FakeJobs::FakeJobs()
    : disks{internal_disk(), usb_disk()},
      places{usb_volume()},
      folders{{"/run/drydock/mnt/sdb1", usb_root()}, {"/run/drydock/mnt/sdb1/photos", {}}},
      save_summary(summary_of_save()),
      restore_summary(summary_of_restore()),
      rescue_summary(summary_of_rescue()),
      evaluation(failing_drive()) {
  inspection.manifest = laptop_manifest();
  report.lines = {"It is done"};
  report.source_bytes = 500'107'862'016;
  report.kept_bytes = 15 * kGiB;
  report.image_bytes = 6 * kGiB;
  report.elapsed = std::chrono::seconds(312);
  report.digest = "0123456789abcdef0123456789abcdef";
}

bool FakeJobs::called(std::string_view call) const {
  return std::ranges::contains(calls, call);
}

Result<std::vector<Disk>> FakeJobs::drives() {
  std::vector<Disk> drives;
  for (const job::ListedDisk& one : disks) drives.push_back(one.disk);
  return drives;
}

Result<job::Listing> FakeJobs::list() {
  if (list_error) return fail(*list_error);
  return job::Listing{disks, advice};
}

Result<std::vector<job::Destination>> FakeJobs::destinations(const std::string& without_disk) {
  calls.push_back("destinations without " + without_disk);
  if (places_error) return fail(*places_error);
  std::vector<job::Destination> all = places;
  for (job::Destination& place : all)
    if (place.disk == without_disk) place.unfit = "it is on the disk to be saved";
  return all;
}

Result<std::string> FakeJobs::open_destination(const job::Destination& destination, bool writable,
                                               Person& person) {
  calls.push_back(std::format("open {} {}", destination.device, writable ? "rw" : "ro"));
  if (open_error) return fail(*open_error);
  if (destination.url) return open_server(*destination.url, person);
  if (writable) writable_.push_back(destination.device);
  return "/run/drydock/mnt/" + destination.device.substr(5);
}

Result<std::string> FakeJobs::open_server(const Url& url, Person& person) {
  if (server_key) TRY(person.confirm_key(url.server(), *server_key));
  if (server_password && TRY(person.password(url.server())) != *server_password)
    return fail(environment_error(url.server(), "does not take this password", "Check it"));
  return "/run/drydock/mnt/" + url.host;
}

Result<void> FakeJobs::choose_address(const AddressChoice& choice) {
  address_chosen = choice;
  if (address_error) return fail(*address_error);
  return {};
}

Result<void> FakeJobs::choose_keyboard(const std::string& layout) {
  calls.push_back("keyboard " + layout);
  if (layout == "fi") return fail(environment_error(layout, "the keyboard layout was not changed"));
  return {};
}

Result<void> FakeJobs::close_destination(const std::string& folder) {
  calls.push_back("close " + folder);
  writable_.clear();
  return {};
}

Result<std::vector<job::FolderEntry>> FakeJobs::browse(const std::string& folder) {
  const auto found = folders.find(folder);
  if (found == folders.end())
    return fail(environment_error(folder, "the folder cannot be read", "Try another one"));
  return found->second;
}

Result<job::Inspection> FakeJobs::inspect(const std::string& path) {
  calls.push_back("inspect " + path);
  return inspection;
}

Result<job::Summary> FakeJobs::plan(const job::SaveRequest& request) {
  calls.push_back("plan save " + request.source);
  save_request = request;
  if (plan_error) return fail(*plan_error);
  planned_ = "save";
  return save_summary;
}

Result<job::Summary> FakeJobs::plan(const job::RestoreRequest& request) {
  calls.push_back("plan restore " + request.target);
  restore_request = request;
  if (plan_error) return fail(*plan_error);
  planned_ = "restore";
  return restore_summary;
}

// What a restore says of the target is what a clone says.
Result<job::Summary> FakeJobs::plan(const job::CloneRequest& request) {
  calls.push_back("plan clone " + request.source + " to " + request.target);
  clone_request = request;
  if (plan_error) return fail(*plan_error);
  planned_ = "clone";
  job::Summary summary = restore_summary;
  summary.verb = "clone";
  summary.reads = {"WDC WD5000 (WX11A123), 500 GB"};
  summary.command = "imager clone " + request.source + " " + request.target;
  for (const job::ListedDisk& drive : disks)
    if (drive.disk.path == request.target)
      summary.overwrites = Target{request.target, drive.disk.id, drive.disk.geometry.bytes};
  return summary;
}

Result<job::Summary> FakeJobs::plan(const job::RescueRequest& request) {
  calls.push_back("plan rescue " + request.source + " to " + request.target);
  rescue_request = request;
  if (plan_error) return fail(*plan_error);
  planned_ = "rescue";
  return rescue_summary;
}

Result<job::Report> FakeJobs::run_rescue(job::Observer& observer, const Stop& stop) {
  if (planned_ != "rescue") return fail(our_bug("rescue", "there is no plan to run"));
  return run("rescue", observer, stop);
}

Result<job::Report> FakeJobs::run(const std::string& verb, job::Observer& observer,
                                  const Stop& stop) {
  calls.push_back("run " + verb);
  for (const job::Event& event : told) observer.on(event);
  if (stop.requested()) return fail(cancelled("stopped on request"));
  if (run_error) return fail(*run_error);
  return report;
}

Result<job::Report> FakeJobs::run_save(job::Observer& observer, const Stop& stop) {
  if (planned_ != "save") return fail(our_bug("save", "there is no plan to run"));
  return run("save", observer, stop);
}

Result<job::Report> FakeJobs::run_restore(const Consent& consent, job::Observer& observer,
                                          const Stop& stop) {
  if (planned_ != "restore") return fail(our_bug("restore", "there is no plan to run"));
  calls.push_back("consent for " + consent.target().path);
  return run("restore", observer, stop);
}

Result<job::Report> FakeJobs::run_clone(const Consent& consent, job::Observer& observer,
                                        const Stop& stop) {
  if (planned_ != "clone") return fail(our_bug("clone", "there is no plan to run"));
  calls.push_back("consent for " + consent.target().path);
  return run("clone", observer, stop);
}

Result<job::VerifyReport> FakeJobs::verify(const job::VerifyRequest& request,
                                           job::Observer& observer, const Stop& stop) {
  job::VerifyReport verified;
  verified.report = TRY(run("verify " + request.image, observer, stop));
  verified.damage = damage;
  return verified;
}

Result<job::Evaluation> FakeJobs::evaluate(const job::EvaluateRequest& request,
                                           job::Observer& observer, const Stop& stop) {
  evaluate_request = request;
  TRY(run("evaluate " + request.path, observer, stop));
  return evaluation;
}

Result<std::string> FakeJobs::keep_report(const std::string& folder, const job::Evaluation& kept) {
  calls.push_back("report of " + kept.path + " to " + folder);
  if (keep_error) return fail(*keep_error);
  return "WDC-WD5000-WX11A123-2026-11-25T081500Z.html";
}

Result<void> FakeJobs::power(std::string_view what) {
  calls.emplace_back(what);
  if (power_error) return fail(*power_error);
  return {};
}

}  // namespace drydock::tui
