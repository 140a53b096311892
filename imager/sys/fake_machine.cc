#include "sys/fake_machine.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "io/file_sink.h"
#include "io/file_source.h"
#include "sys/fake_disk.h"
#include "sys/file_target.h"
#include "sys/mounts.h"

namespace drydock::sys {
namespace {

std::string after_dev(const std::string& device) {
  return device.starts_with("/dev/") ? device.substr(5) : device;
}

bool is_device_name(const std::string& path) {
  return path.starts_with("/dev/");
}

}  // namespace

FakeMachine::FakeMachine(std::string root) : root_(std::move(root)) {
  std::filesystem::create_directories(root_ + "/dev");
  std::filesystem::create_directories(root_ + "/volumes");
}

std::string FakeMachine::content(const std::string& device) const {
  return root_ + "/dev/" + after_dev(device);
}

std::string FakeMachine::volume_folder(const std::string& device) const {
  return root_ + "/volumes/" + after_dev(device);
}

void FakeMachine::plug(const Disk& disk) {
  const std::string file = content(disk.path);
  if (!std::filesystem::exists(file)) {
    const auto target =
        Target{.path = file, .id = {}, .bytes = disk.geometry.bytes, .is_file = true};
    [[maybe_unused]] auto made = io::open_file_sink(Consent::by_command_line(target));
  }
  disks_[disk.path] = disk;
}

void FakeMachine::unplug(const std::string& path) {
  disks_.erase(path);
  std::erase_if(partitions_, [&](const auto& entry) { return entry.second.disk == path; });
}

void FakeMachine::add_partition(const std::string& device, const std::string& disk, Extent extent) {
  partitions_[device] = {disk, extent};
}

void FakeMachine::add_volume(const Storage& storage) {
  std::filesystem::create_directories(volume_folder(storage.device));
  volumes_[storage.device] = {.storage = storage};
}

void FakeMachine::break_drive(const std::string& path, const io::Faults& faults) {
  faults_[path] = faults;
}

Result<std::vector<Disk>> FakeMachine::disks() {
  std::vector<Disk> disks;
  for (const auto& [path, disk] : disks_) {
    disks.push_back(disk);
    disks.back().in_use = TRY(in_use(path));
  }
  return disks;
}

Result<FakeMachine::Place> FakeMachine::place(const std::string& device) const {
  const auto partition = partitions_.find(device);
  const auto disk = disks_.find(partition == partitions_.end() ? device : partition->second.disk);
  if (disk == disks_.end()) return fail(os_error(ENOENT, device, "cannot be opened"));
  if (partition != partitions_.end()) return Place{&disk->second, partition->second.extent};
  return Place{&disk->second, {0, disk->second.geometry.bytes}};
}

Result<std::string> FakeMachine::health_record(const std::string& path) {
  const auto record = health_records_.find(path);
  if (record == health_records_.end())
    return fail(environment_error("smartctl", "is not installed", "Install smartmontools"));
  return record->second;
}

Result<std::unique_ptr<io::BlockSource>> FakeMachine::open_source(const std::string& path) {
  opened_.push_back(path);
  if (!is_device_name(path)) return io::open_file_source(path);
  const Place found = TRY(place(path));
  Geometry geometry = found.disk->geometry;
  geometry.bytes = found.extent.length;
  const auto faults = faults_.find(path);
  return open_fake_source({path, content(found.disk->path), geometry, found.extent,
                           faults == faults_.end() ? io::Faults{} : faults->second});
}

Result<Target> FakeMachine::target(const std::string& path, std::uint64_t bytes) {
  if (!is_device_name(path)) return file_target(path, bytes);
  const Place found = TRY(place(path));
  return Target{path, found.disk->id, found.extent.length, false};
}

Result<std::vector<std::string>> FakeMachine::in_use(const std::string& path) {
  std::vector<std::string> reasons;
  if (const auto disk = disks_.find(path); disk != disks_.end()) reasons = disk->second.in_use;
  for (const auto& [device, volume] : volumes_) {
    if (!volume.mounted || (device != path && volume.storage.disk != path)) continue;
    reasons.push_back(device + " is mounted on " + volume_folder(device));
  }
  return reasons;
}

Result<std::vector<std::string>> FakeMachine::users(const std::string& path) {
  return in_use(path);
}

Result<std::unique_ptr<io::BlockSink>> FakeMachine::open_target(const Consent& consent) {
  const Target& agreed = consent.target();
  if (agreed.is_file) {
    opened_for_writing_.push_back(agreed.path);
    return io::open_file_sink(consent);
  }
  if (TRY(target(agreed.path, agreed.bytes)) != agreed)
    return fail(environment_error(agreed.path, "is not the drive that was confirmed"));
  const std::vector<std::string> reasons = TRY(in_use(agreed.path));
  if (!reasons.empty()) return fail(environment_error(agreed.path, reasons.front()));
  const Place found = TRY(place(agreed.path));
  Geometry geometry = found.disk->geometry;
  geometry.bytes = found.extent.length;
  opened_for_writing_.push_back(agreed.path);
  const auto faults = faults_.find(agreed.path);
  return open_fake_sink({agreed.path, content(found.disk->path), geometry, found.extent,
                         faults == faults_.end() ? io::Faults{} : faults->second});
}

Result<void> FakeMachine::reread_table(const std::string& path) {
  tables_reread_.push_back(path);
  return {};
}

Result<bool> FakeMachine::overlap(const std::string& a, const std::string& b) {
  if (!is_device_name(a) || !is_device_name(b)) return a == b;
  const Place place_a = TRY(place(a));
  const Place place_b = TRY(place(b));
  return place_a.disk == place_b.disk && intersection(place_a.extent, place_b.extent).length != 0;
}

Result<Storage> FakeMachine::storage(const std::string& path) {
  for (const auto& [device, volume] : volumes_) {
    const std::string folder = volume_folder(device);
    if (!volume.mounted || (path != folder && !path.starts_with(folder + "/"))) continue;
    Storage storage = volume.storage;
    storage.mount_point = folder;
    storage.writable = volume.access == Access::read_write;
    return storage;
  }
  // An ordinary folder of this computer, as large as it is but on no drive of the fake one.
  Storage storage;
  TRY(measure(path, storage));
  storage.mount_point = "/";
  storage.writable = true;
  return storage;
}

std::string FakeMachine::mounted_on(const std::string& device) {
  const auto volume = volumes_.find(device);
  const bool mounted = volume != volumes_.end() && volume->second.mounted;
  return mounted ? volume_folder(device) : std::string();
}

Result<std::string> FakeMachine::mount(const std::string& device, Access access) {
  const auto volume = volumes_.find(device);
  if (volume == volumes_.end())
    return fail(bad_input(device, "holds no filesystem that can be mounted"));
  volume->second.mounted = true;
  volume->second.access = access;
  mounted_.push_back(device + (access == Access::read_write ? " rw" : " ro"));
  return volume_folder(device);
}

Result<void> FakeMachine::unmount(const std::string& mount_point) {
  for (auto& [device, volume] : volumes_) {
    if (!volume.mounted || volume_folder(device) != mount_point) continue;
    volume.mounted = false;
    unmounted_.push_back(mount_point);
    return {};
  }
  return fail(environment_error(mount_point, "is not mounted"));
}

void FakeMachine::add_share(const Url& url, const std::string& password) {
  shares_[url.text()] = password;
  add_volume({.mount_point = {}, .filesystem = "cifs", .device = url.text(), .disk = {}});
}

Result<std::string> FakeMachine::connect(const Url& url, Person& person, Access access) {
  const auto share = shares_.find(url.text());
  if (share == shares_.end()) return fail(environment_error(url.server(), "has no such place"));
  if (!share->second.empty() && TRY(person.password(url.user)) != share->second)
    return fail(environment_error(url.server(), "does not take this password"));
  return mount(url.text(), access);
}

Result<std::unique_ptr<io::ByteSink>> FakeMachine::create_file(
    const std::string& path, const io::OutputFile::Options& options) {
  return TRY(io::OutputFile::create(path, options));
}

Result<void> FakeMachine::check_free(const std::string& path) {
  return io::OutputFile::check_free(path);
}

std::vector<std::string> FakeMachine::writable_devices() {
  std::vector<std::string> devices;
  for (const auto& [device, volume] : volumes_)
    if (volume.mounted && volume.access == Access::read_write) devices.push_back(device);
  return devices;
}

Result<void> FakeMachine::power(Power what) {
  powered_.push_back(what);
  return {};
}

Result<void> FakeMachine::shell() {
  ++shells_;
  return {};
}

}  // namespace drydock::sys
