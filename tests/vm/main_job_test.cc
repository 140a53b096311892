// The main job: a used system is saved by the menu, its disk wiped, restored by the menu; then it
// is the same system, byte for byte where it matters and file for file, and it boots.
#include <boost/test/unit_test.hpp>

#include "support/file_tree.h"
#include "support/live_system.h"
#include "support/menu.h"
#include "support/round_trip.h"
#include "support/sample_disk.h"
#include "support/skip.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace fs = std::filesystem;

constexpr const char *kSource = "SOURCE01", *kStore = "STORE01";

std::optional<std::string> why_not_here(const VmSpec& spec) {
  if (auto why = why_not(spec)) return why;
  if (auto why = why_no_mount()) return why;
  return sample_disk().missing;
}

void check_boots(const fs::path& disk, Firmware firmware, std::string name) {
  Vm vm({.name = std::move(name),
         .firmware = firmware,
         .disks = {{disk, Bus::kAhci, kSource}},
         .boot_disk = 0});
  vm.wait_for_serial("sample login:");
  vm.screenshot("login");
  BOOST_TEST(true);
}

// `Seat` is the console that the person sits at: VgaConsole or SerialConsole.
template <class Seat>
void main_job(Firmware firmware, const std::string& name) {
  if (const auto why = why_not_here(pc_with_iso("", firmware))) return skip(*why);
  const TempDir dir("drydock-main-job");
  const fs::path source = dir / "source.img", store = dir / "store.img";
  copy_sample_disk(source);
  make_store(store);
  const std::string untouched = sha256_sparse(source);
  const std::vector<VmDisk> disks{{source, Bus::kNvme, kSource}, {store, Bus::kAhci, kStore}};
  {
    Vm vm(pc_with_iso(name + "-save", firmware, disks));
    wait_for_menu(vm);
    Seat seat(vm);
    Menu menu(seat);
    menu.save(kSource, "/dev/sda1");
    menu.verify("/dev/sda1");
    menu.power_off();
  }
  BOOST_TEST(sha256_sparse(source) == untouched, "the source was written to");
  wipe(source);
  {
    Vm vm(pc_with_iso(name + "-restore", firmware, disks));
    wait_for_menu(vm);
    Seat seat(vm);
    Menu menu(seat);
    menu.restore("/dev/sda1", kSource);
    menu.power_off();
  }
  for (const auto& what : differences_from_sample(source)) BOOST_ERROR(what);
  check_boots(source, firmware, name + "-restored");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vm_main_job)

BOOST_AUTO_TEST_CASE(with_the_keyboard_and_bios) {
  main_job<VgaConsole>(Firmware::kBios, "main-bios");
}

BOOST_AUTO_TEST_CASE(over_a_serial_line_and_uefi) {
  main_job<SerialConsole>(Firmware::kUefi, "main-uefi");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
