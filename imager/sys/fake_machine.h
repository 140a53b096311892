#pragma once

#include <map>
#include <string>
#include <vector>

#include "io/faulty.h"
#include "sys/folder_items.h"
#include "sys/machine.h"

namespace drydock::sys {

// A machine for tests, rooted at a folder: drives are files, mounted volumes are folders. Devices
// have the names a person sees ("/dev/sda"); every other path is an ordinary one of this computer.
// It keeps the rules of a real machine (nothing in use is overwritten, a consent must fit) and
// remembers what was done to it.
class FakeMachine : public Machine {
 public:
  // `root` must exist and be empty.
  explicit FakeMachine(std::string root);

  // ---- set up by the test ----

  // Puts a drive in. Its content is the file content(disk.path), made sparse with the size of the
  // geometry where the test has not written it before.
  void plug(const Disk& disk);
  void unplug(const std::string& path);
  // A partition's device; `device` is "/dev/sda1".
  void add_partition(const std::string& device, const std::string& disk, Extent extent);
  // A volume that can be mounted: storage.device, filesystem and the figures are the test's,
  // mount_point is ignored. Its files are in volume_folder(device), before and after mounting.
  void add_volume(const Storage& storage);
  // A share or export that connect() finds: `url` names its folder; and the password of its user.
  // Its files are in volume_folder(url.text()).
  void add_share(const Url& url, const std::string& password = {});
  void break_drive(const std::string& path, const io::Faults& faults);
  void set_condition(const std::string& path, DriveCondition condition) {
    conditions_[path] = std::move(condition);
  }
  // What smartctl says of a drive; without it there is no smartctl.
  void set_health_record(const std::string& path, std::string json) {
    health_records_[path] = std::move(json);
  }
  void set_drive_facts(const std::string& path, DriveFacts facts) {
    drive_facts_[path] = std::move(facts);
  }
  void set_live(bool live) { live_ = live; }
  void set_advice(std::vector<std::string> sentences) { advice_ = std::move(sentences); }
  void set_network(Network network) { network_ = std::move(network); }
  // Of the clock.
  void set_time(std::string time) { time_ = std::move(time); }
  void set_memory(std::uint64_t bytes) { memory_ = bytes; }
  void set_processors(unsigned count) { processors_ = count; }

  std::string content(const std::string& device) const;
  std::string volume_folder(const std::string& device) const;

  // ---- what was done, in order ----

  const std::vector<std::string>& opened() const { return opened_; }
  const std::vector<std::string>& opened_for_writing() const { return opened_for_writing_; }
  const std::vector<std::string>& tables_reread() const { return tables_reread_; }
  const std::vector<std::string>& mounted() const { return mounted_; }      // "DEVICE rw"
  const std::vector<std::string>& unmounted() const { return unmounted_; }  // the folder
  const std::vector<Power>& powered() const { return powered_; }
  const std::vector<AddressChoice>& addresses_chosen() const { return addresses_chosen_; }
  const std::vector<std::string>& keyboards_chosen() const { return keyboards_chosen_; }
  unsigned shells() const { return shells_; }

  // ---- Machine ----

  bool live() const override { return live_; }
  Result<std::vector<Disk>> disks() override;
  DriveCondition condition(const Disk& disk) override {
    const auto found = conditions_.find(disk.path);
    return found == conditions_.end() ? DriveCondition() : found->second;
  }
  std::vector<std::string> hidden_drive_advice(const std::vector<Disk>&) override {
    return advice_;
  }
  DriveFacts drive_facts(const std::string& path) override { return drive_facts_[path]; }
  Result<std::string> health_record(const std::string& path) override;
  Result<std::unique_ptr<io::BlockSource>> open_source(const std::string& path) override;
  Result<Target> target(const std::string& path, std::uint64_t bytes) override;
  Result<std::vector<std::string>> in_use(const std::string& path) override;
  Result<std::vector<std::string>> users(const std::string& path) override;
  Result<bool> overlap(const std::string& a, const std::string& b) override;
  Result<std::unique_ptr<io::BlockSink>> open_target(const Consent& consent) override;
  Result<void> reread_table(const std::string& path) override;
  Result<Storage> storage(const std::string& path) override;
  std::string mounted_on(const std::string& device) override;
  Result<std::string> mount(const std::string& device, Access access) override;
  Result<void> unmount(const std::string& mount_point) override;
  Result<std::string> connect(const Url& url, Person& person, Access access) override;
  bool reaches(const std::string&) override { return false; }
  Result<std::vector<FolderItem>> items(const std::string& folder) override {
    return items_of(folder);
  }
  Result<std::unique_ptr<io::ByteSink>> create_file(
      const std::string& path, const io::OutputFile::Options& options) override;
  Result<void> check_free(const std::string& path) override;
  std::vector<std::string> writable_devices() override;
  Network network() override { return network_; }
  Result<void> choose_address(const AddressChoice& choice) override {
    addresses_chosen_.push_back(choice);
    return {};
  }
  std::vector<KeyboardLayout> keyboard_layouts() override {
    return {{"gb", "British"}, {"fr", "French"}, {"de", "German"}};
  }
  Result<void> choose_keyboard(const std::string& name) override {
    keyboards_chosen_.push_back(name);
    return {};
  }
  std::string time_of(const std::string&) const override { return time_; }
  std::uint64_t memory_available() const override { return memory_; }
  unsigned processors() const override { return processors_; }
  Result<void> power(Power what) override;
  Result<void> shell() override;

 private:
  struct Partition {
    std::string disk;
    Extent extent;
  };
  struct Volume {
    Storage storage;
    bool mounted = false;
    Access access = Access::read_only;
  };

  // Where the bytes of a device are: of a drive all of it, of a partition its part.
  struct Place {
    const Disk* disk = nullptr;
    Extent extent;
  };
  Result<Place> place(const std::string& device) const;

  std::string root_;
  std::map<std::string, Disk> disks_;
  std::map<std::string, Partition> partitions_;
  std::map<std::string, Volume> volumes_;
  std::map<std::string, std::string> shares_;  // the password, by the text of the URL
  std::map<std::string, io::Faults> faults_;
  std::map<std::string, DriveCondition> conditions_;  // by path
  std::map<std::string, std::string> health_records_;
  std::map<std::string, DriveFacts> drive_facts_;
  bool live_ = true;
  std::vector<std::string> advice_;
  std::string time_ = "2026-11-25T08:15:00Z";
  std::uint64_t memory_ = std::uint64_t{1} << 30;
  unsigned processors_ = 2;
  Network network_;
  std::vector<AddressChoice> addresses_chosen_;
  std::vector<std::string> keyboards_chosen_;
  std::vector<std::string> opened_;
  std::vector<std::string> opened_for_writing_;
  std::vector<std::string> tables_reread_;
  std::vector<std::string> mounted_;
  std::vector<std::string> unmounted_;
  std::vector<Power> powered_;
  unsigned shells_ = 0;
};

}  // namespace drydock::sys
