#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/consent.h"
#include "core/disk_id.h"
#include "core/drive_condition.h"
#include "core/drive_facts.h"
#include "core/keyboard.h"
#include "core/network.h"
#include "core/person.h"
#include "core/url.h"
#include "io/block_sink.h"
#include "io/block_source.h"
#include "io/output_file.h"

namespace drydock::sys {

// The filesystem that a path stands on.
struct Storage {
  std::string mount_point;
  std::string filesystem;  // as the kernel names it: "ext4", "vfat"
  std::string device;      // "/dev/sdb1"; empty for a network or memory filesystem
  std::string disk;        // the whole disk below it: "/dev/sdb"; empty as above
  std::uint64_t free = 0;  // bytes that this user may still write
  std::uint64_t total = 0;
  std::uint64_t largest_file = 0;  // 0: no limit that matters; FAT: 2^32 - 1
  bool writable = false;
};

struct FolderItem {
  std::string name;  // as on the disk
  bool folder = false;
};

enum class Access { read_only, read_write };
enum class Power { reboot, off };

// The only door to the computer's devices. One real form, and a fake one for tests that is rooted
// at a folder. Used by one thread at a time; the sources it hands out may be shared.
class Machine {
 public:
  virtual ~Machine() = default;

  // True in Drydock's own live system, where every disk is kept read-only by the kernel.
  virtual bool live() const = 0;

  // All drives, in the order of their names; from sysfs alone, no drive is opened.
  virtual Result<std::vector<Disk>> disks() = 0;

  // Opens a drive of disks() for reading and asks it; a drive may take long to answer.
  virtual DriveCondition condition(const Disk& disk) = 0;

  // About controllers that hide their drives or show none, given all drives there are: sentences
  // that say what to change (sys/controllers.h).
  virtual std::vector<std::string> hidden_drive_advice(const std::vector<Disk>& disks) = 0;

  // What the kernel tells about the drive that `path` is or lies on; empty for a file.
  virtual DriveFacts drive_facts(const std::string& path) = 0;

  // What that drive tells about its own health, as smartctl's JSON. environment where it cannot be
  // asked: a file, no smartctl on this machine.
  virtual Result<std::string> health_record(const std::string& path) = 0;

  // A block device, a partition's device or an ordinary file, for reading. In the live system a
  // device is set read-only in the kernel before it is opened. A folder, a pipe or a character
  // device is Code::bad_input.
  virtual Result<std::unique_ptr<io::BlockSource>> open_source(const std::string& path) = 0;

  // By what a person would recognise the target. A path that does not exist is a file to be
  // created with `bytes`; an existing file or device tells its own size.
  virtual Result<Target> target(const std::string& path, std::uint64_t bytes) = 0;

  // Why the target must not be written now: mounted, swap, held by another program, read-only
  // by a switch. Empty: nothing is in the way.
  virtual Result<std::vector<std::string>> in_use(const std::string& path) = 0;

  // What else on this machine uses it and may write to it while it is read: the same without what
  // only forbids writing. Of a partition: its own uses and those of its disk as a whole.
  virtual Result<std::vector<std::string>> users(const std::string& path) = 0;

  // True where writing one of them changes what is read from the other: one device or file, a disk
  // and its partition, a device and a file that stands on it. Neither need exist.
  virtual Result<bool> overlap(const std::string& a, const std::string& b) = 0;

  // Opens exactly what the person agreed to overwrite, exclusively; checks first that it is still
  // the same drive (serial, size) and not in use. A file is created or resized (made sparse).
  // Lifts the kernel's read-only flag of that one device in the live system, sets it again when
  // the sink is destroyed.
  virtual Result<std::unique_ptr<io::BlockSink>> open_target(const Consent& consent) = 0;

  // Makes the kernel read the partition table again; the sink must be destroyed before. Success for
  // an ordinary file.
  virtual Result<void> reread_table(const std::string& path) = 0;

  // What `path` (which need not exist, its folder must) stands on.
  virtual Result<Storage> storage(const std::string& path) = 0;

  // Where a volume is mounted, the first of several places; empty if nowhere.
  virtual std::string mounted_on(const std::string& device) = 0;

  // Mounts a volume where Drydock keeps its mounts and gives the folder; a volume that is mounted
  // already gives that folder if its access is enough. read_write lifts the kernel's read-only
  // flag for this volume alone. Never replays a journal when read_only.
  virtual Result<std::string> mount(const std::string& device, Access access) = 0;
  // Syncs, unmounts and sets the volume read-only again in the live system.
  virtual Result<void> unmount(const std::string& mount_point) = 0;

  // Makes the place that a URL names one that the calls here take: gives the folder (for ssh a
  // prefix of paths) that stands for the share of SMB, the path of NFS or the root of ssh. The
  // sentences of its errors differ for an unreachable server, a wrong password and a missing share.
  // unmount() ends it.
  virtual Result<std::string> connect(const Url& url, Person& person, Access access) = 0;

  // True of a path in a folder of connect() that only the calls here can reach (ssh).
  virtual bool reaches(const std::string& path) = 0;
  // What is in a folder, in no order; a link is what it leads to. What is neither a folder nor an
  // ordinary file is left out.
  virtual Result<std::vector<FolderItem>> items(const std::string& folder) = 0;

  // A file to be written from front to end; see io::OutputFile.
  virtual Result<std::unique_ptr<io::ByteSink>> create_file(
      const std::string& path, const io::OutputFile::Options& options) = 0;
  // The refusals of create_file that are known before anything is written.
  virtual Result<void> check_free(const std::string& path) = 0;

  // Devices that the kernel would let somebody write now, for the status line.
  virtual std::vector<std::string> writable_devices() = 0;

  virtual Network network() = 0;
  // Only in the live system (Code::environment elsewhere).
  virtual Result<void> choose_address(const AddressChoice& choice) = 0;

  // Of the live system's own consoles; none elsewhere.
  virtual std::vector<KeyboardLayout> keyboard_layouts() = 0;
  virtual Result<void> choose_keyboard(const std::string& name) = 0;

  // The time that an image of `source` carries, in UTC: "2026-11-25T08:15:00Z". Of a file it is the
  // time of its last change, so that the same file gives the same image; of a drive, and of
  // nothing (""), the clock's.
  virtual std::string time_of(const std::string& source) const = 0;

  virtual std::uint64_t memory_available() const = 0;  // bytes
  virtual unsigned processors() const = 0;

  // Syncs and does not return on success.
  virtual Result<void> power(Power what) = 0;
  // Runs a shell on this terminal and waits for its end.
  virtual Result<void> shell() = 0;
};

std::unique_ptr<Machine> real_machine();

}  // namespace drydock::sys
