// The main job before a person's eyes: boot the ISO, save a disk, wipe it, restore it, compare,
// boot it. Exit status 0: all of it worked; 1: it did not; 77: it cannot be done on this machine.
// Screenshots and the machines' logs stay in build/demo/.
#include <cstdlib>
#include <print>

#include "support/file_tree.h"
#include "support/live_system.h"
#include "support/menu.h"
#include "support/round_trip.h"
#include "support/sample_disk.h"
#include "support/show.h"
#include "support/temp_dir.h"

namespace drydock::test {
namespace {

namespace fs = std::filesystem;

constexpr const char *kSource = "SOURCE01", *kStore = "STORE01", *kVolume = "/dev/sda1";
constexpr Firmware kFirmware = Firmware::kBios;  // whose VGA text screen is quickest to emulate

struct Disks {
  TempDir folder{"drydock-demo"};
  fs::path source = folder / "source.img", store = folder / "store.img";

  std::vector<VmDisk> attached() const {
    return {{source, Bus::kNvme, kSource}, {store, Bus::kAhci, kStore}};
  }
};

void keep_picture(Vm& vm, const std::string& name) {
  const fs::path folder = fs::path("build") / "demo";
  fs::create_directories(folder);
  fs::copy_file(vm.screenshot(name), folder / (name + ".png"),
                fs::copy_options::overwrite_existing);
}

// Boots the ISO and does `work` in its menu, over the serial line, which is the screen that is
// shown.
void in_the_menu(Show& show, const Disks& disks, const std::string& name,
                 const std::function<void(Menu&)>& work) {
  show.step("Boot drydock.iso, with the sample disk and another drive attached");
  Vm vm(pc_with_iso("demo-" + name, kFirmware, disks.attached()));
  vm.on_progress([&show](Vm& machine) { show.watch(machine); });
  SerialConsole console(vm);
  Menu menu(console);
  menu.on_step([&](std::string_view what) { show.detail(what); });
  menu.wait_for_home();
  keep_picture(vm, name);
  work(menu);
  show.step("Power off, from the menu");
  menu.power_off();
  show.forget_screen();
}

void boot_restored(Show& show, const Disks& disks) {
  show.step("Boot the restored disk, without the ISO, to its login prompt");
  Vm vm({.name = "demo-restored",
         .firmware = kFirmware,
         .disks = {{disks.source, Bus::kNvme, kSource}},
         .boot_disk = 0});
  vm.on_progress([&show](Vm& machine) { show.watch(machine); });
  vm.wait_for_serial("sample login:");
  show.detail("“sample login:” is there");
  keep_picture(vm, "restored");
  show.forget_screen();
}

bool demonstrate(Show& show) {
  const Disks disks;
  show.step(
      "Prepare: a copy of the sample disk (a real Debian), and a drive with an empty ext4 volume");
  copy_sample_disk(disks.source);
  make_store(disks.store);
  const std::string before = sha256_sparse(disks.source);

  in_the_menu(show, disks, "save", [&](Menu& menu) {
    show.step("Save the disk to the other drive");
    menu.save(kSource, kVolume);
    show.step("Verify the image");
    menu.verify(kVolume);
  });
  show.step("Compare: saving has not changed a byte of the source");
  if (sha256_sparse(disks.source) != before) {
    show.detail("IT HAS.");
    return false;
  }
  show.step("Wipe the source disk");
  wipe(disks.source);
  in_the_menu(show, disks, "restore", [&](Menu& menu) {
    show.step("Restore the image to the wiped disk");
    menu.restore(kVolume, kSource);
  });
  show.step("Compare: every used byte, every file with all its attributes, and e2fsck's opinion");
  const auto differences = differences_from_sample(disks.source);
  for (const auto& difference : differences) show.detail(difference);
  if (differences.empty()) boot_restored(show, disks);
  return differences.empty();
}

std::string why_not_here() {
  if (const auto why = why_not(pc_with_iso("", kFirmware))) return *why;
  if (const auto why = why_no_mount()) return *why;
  return sample_disk().missing.value_or("");
}

int demo() {
  std::println(
      "Drydock: save a disk, lose it, get it back. Emulated in software, so some minutes.");
  const std::string why = why_not_here();
  if (!why.empty()) {
    std::println(stderr, "The demonstration cannot run here: {}", why);
    return 77;
  }
  Show show;
  try {
    const bool worked = demonstrate(show);
    show.end();
    std::println("{}", worked ? "The restored system is the one that was saved, and it boots."
                              : "The restored disk is not what was saved.");
    return worked ? EXIT_SUCCESS : EXIT_FAILURE;
  } catch (const std::exception& error) {
    show.forget_screen();
    std::println(stderr, "The demonstration failed: {}", error.what());
    return EXIT_FAILURE;
  }
}

}  // namespace
}  // namespace drydock::test

int main() {
  return drydock::test::demo();
}
