#include <sched.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <format>
#include <memory>

#include "base/text.h"
#include "base/units.h"
#include "io/file_sink.h"
#include "io/file_source.h"
#include "io/sync_folder.h"
#include "sys/block_tree.h"
#include "sys/clock.h"
#include "sys/console.h"
#include "sys/controllers.h"
#include "sys/device_target.h"
#include "sys/disks.h"
#include "sys/drive_condition.h"
#include "sys/drive_facts.h"
#include "sys/file_target.h"
#include "sys/folder_items.h"
#include "sys/in_use.h"
#include "sys/keyboard.h"
#include "sys/machine.h"
#include "sys/mounter.h"
#include "sys/network.h"
#include "sys/overlap.h"
#include "sys/reread_table.h"
#include "sys/share_mount.h"
#include "sys/smartctl.h"
#include "sys/ssh_places.h"
#include "sys/storage.h"
#include "sys/write_gate.h"

namespace drydock::sys {
namespace {

constexpr std::string_view kLiveMark = "/etc/drydock/live";

class RealMachine : public Machine {
 public:
  RealMachine() : live_(tree_.exists(kLiveMark)), gate_(tree_, live_), mounter_(tree_, gate_) {}

  bool live() const override { return live_; }

  Result<std::vector<Disk>> disks() override { return find_disks(tree_); }
  DriveCondition condition(const Disk& disk) override { return ask_for_condition(tree_, disk); }

  std::vector<std::string> hidden_drive_advice(const std::vector<Disk>& disks) override {
    return sys::hidden_drive_advice(tree_, disks);
  }

  DriveFacts drive_facts(const std::string& path) override {
    const auto name = block_name(tree_, path);
    return name ? read_drive_facts(tree_, whole_disk(tree_, *name)) : DriveFacts();
  }

  Result<std::string> health_record(const std::string& path) override {
    const auto name = block_name(tree_, path);
    if (!name) return fail(environment_error(path, "is a file and has no health record"));
    return smartctl_report(device_path(whole_disk(tree_, *name)));
  }

  Result<std::unique_ptr<io::BlockSource>> open_source(const std::string& path) override {
    if (servers_.holds(path)) return servers_.open_source(path);
    if (const auto name = block_name(tree_, path)) TRY(gate_.shut(*name));
    return io::open_file_source(path);
  }

  Result<Target> target(const std::string& path, std::uint64_t bytes) override {
    if (const auto name = block_name(tree_, path)) return device_target(tree_, *name);
    return file_target(path, bytes);
  }

  Result<std::vector<std::string>> in_use(const std::string& path) override {
    if (const auto name = block_name(tree_, path)) return obstacles(tree_, *name, live_);
    return Uses(tree_).reasons_of_file(real_path(path));
  }

  Result<std::vector<std::string>> users(const std::string& path) override {
    const Uses uses(tree_);
    const auto name = block_name(tree_, path);
    return name ? uses.reasons(*name) : uses.reasons_of_file(real_path(path));
  }

  Result<bool> overlap(const std::string& a, const std::string& b) override {
    return sys::overlap(tree_, a, b);
  }

  Result<std::unique_ptr<io::BlockSink>> open_target(const Consent& consent) override {
    const Target& agreed = consent.target();
    if (!agreed.is_file) return open_device_target(tree_, gate_, consent, live_);
    const auto reasons = TRY(in_use(agreed.path));
    if (!reasons.empty())
      return fail(environment_error({}, reasons.front(), "Free it first, then start again"));
    return io::open_file_sink(consent);
  }

  Result<void> reread_table(const std::string& path) override {
    const auto name = block_name(tree_, path);
    if (!name || is_partition(tree_, *name)) return {};
    return sys::reread_table(device_path(*name));
  }

  Result<Storage> storage(const std::string& path) override {
    return servers_.holds(path) ? servers_.storage(path) : storage_of(tree_, real_path(path));
  }

  std::string mounted_on(const std::string& device) override { return mounter_.mounted_on(device); }
  Result<std::string> mount(const std::string& device, Access access) override {
    return mounter_.mount(device, access);
  }
  Result<void> unmount(const std::string& mount_point) override {
    return servers_.close(mount_point) ? Result<void>() : mounter_.unmount(mount_point);
  }

  Result<std::string> connect(const Url& url, Person& person, Access access) override {
    if (url.scheme == Url::Scheme::ssh) return servers_.open(url, person, access);
    return mount_share(tree_, url, person, access);
  }
  bool reaches(const std::string& path) override { return servers_.holds(path); }
  Result<std::vector<FolderItem>> items(const std::string& folder) override {
    return servers_.holds(folder) ? servers_.items(folder) : items_of(folder);
  }

  Result<std::unique_ptr<io::ByteSink>> create_file(
      const std::string& path, const io::OutputFile::Options& options) override {
    if (servers_.holds(path)) return servers_.create_file(path, options);
    return TRY(io::OutputFile::create(path, options));
  }
  Result<void> check_free(const std::string& path) override {
    return servers_.holds(path) ? servers_.check_free(path) : io::OutputFile::check_free(path);
  }

  std::vector<std::string> writable_devices() override { return sys::writable_devices(tree_); }

  Network network() override { return read_network(tree_, own_addresses()); }
  Result<void> choose_address(const AddressChoice& choice) override {
    if (live_) return sys::choose_address(choice);
    return fail(environment_error({}, "Drydock sets addresses only in its own live system",
                                  "Use this system's own settings"));
  }

  std::vector<KeyboardLayout> keyboard_layouts() override {
    return live_ ? sys::keyboard_layouts(tree_) : std::vector<KeyboardLayout>();
  }
  Result<void> choose_keyboard(const std::string& name) override {
    return sys::choose_keyboard(name);
  }

  std::string time_of(const std::string& source) const override { return sys::time_of(source); }
  std::uint64_t memory_available() const override;
  unsigned processors() const override;

  Result<void> power(Power what) override {
    if (!live_)
      return fail(environment_error({}, "Drydock restarts only its own live system",
                                    "Use this system's own command"));
    mounter_.unmount_all();
    return end_power(what);
  }

  Result<void> shell() override { return run_shell(); }

 private:
  SysTree tree_;
  bool live_;
  WriteGate gate_;
  Mounter mounter_;
  SshPlaces servers_;
};

// proc(5): "MemAvailable:    8052680 kB"
std::uint64_t RealMachine::memory_available() const {
  const std::string text = tree_.raw("/proc/meminfo");
  for (const std::string_view line : split(text, '\n')) {
    constexpr std::string_view kKey = "MemAvailable:";
    if (!line.starts_with(kKey)) continue;
    const std::string_view number = trimmed(line.substr(kKey.size()));
    std::uint64_t kib = 0;
    std::from_chars(number.data(), number.data() + number.size(), kib);
    return kib * kKiB;
  }
  return 0;
}

// Those this program may run on: a container or taskset can leave fewer than there are.
unsigned RealMachine::processors() const {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0)
    return static_cast<unsigned>(CPU_COUNT(&set));
  const long online = ::sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? static_cast<unsigned>(online) : 1;
}

}  // namespace

std::unique_ptr<Machine> real_machine() {
  return std::make_unique<RealMachine>();
}

}  // namespace drydock::sys
