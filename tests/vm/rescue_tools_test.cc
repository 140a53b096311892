// The helper programs of the live system: each one runs, the checkers repair what they are for, and
// none of them can write to a disk that nobody made writable.
#include <boost/test/unit_test.hpp>
#include <functional>
#include <set>
#include <sstream>

#include "support/files.h"
#include "support/live_system.h"
#include "support/process.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

struct Tool {
  const char* package;  // its name in rootfs/packages/lock
  const char* command;  // prints its version; or else
  const char* says = nullptr;
};

constexpr Tool kTools[] = {
    {"src:smartmontools", "smartctl --version"},
    {"src:gddrescue", "ddrescue --version"},
    {"src:gddrescue", "ddrescuelog --version"},
    {"src:dosfstools", "fsck.fat -n /dev/null"},
    {"src:dosfstools", "mkfs.fat /dev/null"},
    {"src:dosfstools", "fatlabel --version"},
    {"src:exfatprogs", "fsck.exfat -V /dev/null"},
    {"src:exfatprogs", "mkfs.exfat -V"},
    {"src:ntfs-3g", "ntfsfix --version"},
    {"src:ntfs-3g", "ntfsresize --version"},
    {"src:ntfs-3g", "ntfsinfo --version"},
    {"src:ntfs-3g", "ntfslabel --version"},
    {"src:ntfs-3g", "ntfsundelete --version"},
    {"src:ntfs-3g", "mkntfs --version"},
    {"src:mdadm", "mdadm --version"},
    {"src:mdadm", "mdmon --help", "Usage: mdmon"},
};

// What the program's own authors call the version of a package in the lock file: without Debian's
// epoch, revision, and marks of what it left out.
std::string upstream_version(const std::string& package) {
  std::istringstream lock(read_file("rootfs/packages/lock"));
  for (std::string line; std::getline(lock, line);) {
    std::istringstream columns(line);
    std::string name, what, version;
    columns >> name >> what >> version;
    if (name != package) continue;
    version = version.substr(version.find(':') + 1);
    return version.substr(0, version.find_first_of("-+~"));
  }
  throw std::runtime_error("the lock file has no " + package);
}

std::string first_word(std::string_view line) {
  return std::string(line.substr(0, line.find(' ')));
}

// A volume that something happened to, and how it is put right.
struct Patient {
  const char* name;
  std::vector<std::string> make;  // on the host; the volume's path is added
  std::function<void(const std::filesystem::path&)> damage;
  std::string repair;              // in the guest; the device is added
  int repaired;                    // the exit status that says so
  std::vector<std::string> check;  // on the host: 0 for a sound volume; the path is added
};

Outcome run_on(std::vector<std::string> argv, const std::filesystem::path& path) {
  argv.push_back(path);
  return run({.argv = std::move(argv)});
}

std::function<void(const std::filesystem::path&)> scribbled_at(std::uint64_t offset) {
  return [=](const std::filesystem::path& volume) {
    write_range(volume, offset, std::string(512, 'x'));
  };
}

// The cluster chains of the only file, in the first allocation table alone.
void damage_fat(const std::filesystem::path& volume) {
  must_run({.argv = {"mcopy", "-i", volume, "LICENSE", "::/"}});
  const std::string boot = read_range(volume, 0, 512);
  const auto reserved = static_cast<unsigned char>(boot[14]);
  write_range(volume, reserved * 512U + 8, std::string(64, '\x11'));
}

std::vector<Patient> patients() {
  return {
      {"FAT", {"mkfs.fat", "-F", "16"}, damage_fat, "fsck.fat -y", 1, {"fsck.fat", "-n"}},
      {"exFAT", {"mkfs.exfat"}, scribbled_at(11 * 512), "fsck.exfat -y", 1, {"fsck.exfat", "-n"}},
      {"NTFS",
       {"mkntfs", "-q", "-Q", "-F"},
       scribbled_at(0),
       "ntfsfix",
       0,
       {"ntfsinfo", "-f", "-m"}},
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vm_rescue_tools)

// With no more memory than Drydock asks for, all of them unpacked in the end.
BOOST_AUTO_TEST_CASE(every_program_runs_and_is_the_pinned_version) {
  VmSpec spec = pc_with_iso("rescue-tools", Firmware::kBios);
  spec.memory_mib = 256;
  if (const auto why = why_not(spec)) return skip(*why);
  Vm vm(spec);
  wait_for_menu(vm);
  GuestShell shell = open_shell(vm);
  std::set<std::string> run;
  for (const Tool& tool : kTools) {
    run.insert(first_word(tool.command));
    const GuestOutcome said = shell.run(std::string(tool.command) + " </dev/null 2>&1");
    const std::string wanted = tool.says ? tool.says : upstream_version(tool.package);
    BOOST_TEST(said.out.contains(wanted), tool.command << ": " << said.out);
  }
  // Its table of drives is inside it; the status is the number of entries that fit.
  BOOST_TEST(shell.run("smartctl -P showall 'WDC WD10EZEX-00BN5A0'").out.contains("Digital Blue"));
  std::istringstream packed(shell.must_run("cd /usr/lib/drydock/packed; ls -1; cd"));
  for (std::string name; std::getline(packed, name);)
    BOOST_TEST(run.contains(name.substr(0, name.rfind(".xz"))), name << " was not tried");
}

BOOST_AUTO_TEST_CASE(volumes_are_repaired_and_only_once_they_are_writable) {
  if (const auto why = why_not(pc_with_iso("", Firmware::kBios))) return skip(*why);
  const TempDir dir("drydock-patients");
  std::vector<VmDisk> disks;
  std::vector<std::string> before;
  for (const Patient& patient : patients()) {
    if (const auto why = missing_program(patient.make.front())) return skip(*why);
    const auto volume = dir / patient.name;
    make_sparse(volume, 300 * kMiB);
    const Outcome made = run_on(patient.make, volume);
    BOOST_REQUIRE_MESSAGE(made.ok(), made.describe());
    patient.damage(volume);
    BOOST_TEST(!run_on(patient.check, volume).ok(), patient.name << " was not damaged");
    disks.push_back({volume, Bus::kVirtio, patient.name});
    before.push_back(sha256_sparse(volume));
  }
  {
    Vm vm(pc_with_iso("rescue-patients", Firmware::kBios, disks));
    wait_for_menu(vm);
    GuestShell shell = open_shell(vm);
    char letter = 'a';
    for (std::size_t i = 0; i < disks.size(); ++i, ++letter) {
      const Patient patient = patients()[i];
      const std::string device = std::string("/dev/vd") + letter;
      const std::string repair = patient.repair + " " + device + " </dev/null >/run/said 2>&1";
      BOOST_TEST(shell.run(repair).status != 0, patient.name);
      shell.must_run("sync; blockdev --flushbufs " + device);
      BOOST_TEST(sha256_sparse(disks[i].image) == before[i],
                 patient.name << " was written to while it was read-only");
      shell.must_run("blockdev --setrw " + device);
      const GuestOutcome repaired = shell.run(repair);
      BOOST_TEST(repaired.status == patient.repaired,
                 patient.name << shell.must_run("tr -cd '[:print:]\\n' </run/said"));
      shell.must_run("sync; blockdev --setro " + device);
    }
  }
  for (std::size_t i = 0; i < disks.size(); ++i) {
    const Outcome checked = run_on(patients()[i].check, disks[i].image);
    BOOST_TEST(checked.ok(), patients()[i].name << ": " << checked.describe());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
