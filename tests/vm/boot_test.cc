// The ISO comes to its menu on every kind of PC and by every way of booting, and saves a disk
// there.
#include <boost/test/unit_test.hpp>
#include <functional>

#include "support/live_system.h"
#include "support/menu.h"
#include "support/round_trip.h"
#include "support/share_server.h"
#include "support/skip.h"
#include "support/stick.h"
#include "support/temp_dir.h"
#include "support/used_system.h"

namespace drydock::test {
namespace {

constexpr const char *kSource = "SOURCE01", *kStore = "STORE01", *kStoreVolume = "/dev/vdb1";
constexpr std::uint64_t kStoreBytes = 300 << 20;

// The disk that every machine saves, made once, and a fresh one to save it to.
const std::filesystem::path& source_disk() {
  static const TempDir dir("drydock-boot");
  static const UsedSystem system = make_used_system(dir.path());
  return system.disk;
}

void save_from_menu(Vm& vm) {
  SerialConsole console(vm);
  Menu(console).save(kSource, kStoreVolume);
}

// Boots, looks into the machine with `look`, saves, goes off. The image is checked by the ISO's own
// imager on the host.
void boots_and_saves(VmSpec spec, const std::function<void(Vm&)>& look = {}) {
  if (const auto why = why_not(spec)) return skip(*why);
  const TempDir dir("drydock-boot");
  make_store(dir / "store.img", kStoreBytes);
  const std::string before = sha256(source_disk());
  spec.disks = {{source_disk(), Bus::kVirtio, kSource}, {dir / "store.img", Bus::kVirtio, kStore}};
  Vm vm(spec);
  wait_for_menu(vm);
  BOOST_TEST(std::filesystem::file_size(vm.screenshot("menu")) > 0u);
  if (look) look(vm);
  save_from_menu(vm);
  power_off(vm);
  BOOST_TEST(vm.is_off());
  BOOST_TEST(sha256(source_disk()) == before, "the source was written to");
}

VmSpec as_stick(VmSpec spec) {
  spec.stick = std::exchange(spec.cd, {});
  return spec;
}

VmSpec from_network(std::string name, Firmware firmware, std::string file) {
  return {.name = std::move(name),
          .firmware = firmware,
          .network = VmNetworkBoot{iso().parent_path() / "pxe", std::move(file)}};
}

void pull_medium(Vm& vm) {
  vm.pull_medium();
}

// Everything by HTTP, from the firmware's first request on: there is no other server.
void boots_by_http(const std::string& name, Firmware firmware, const std::string& file,
                   const std::function<void(Vm&)>& look = {}) {
  if (const auto why = HttpServer::missing()) return skip(*why);
  VmSpec spec = from_network(name, firmware, "http://10.0.2.100/" + file);
  if (!std::filesystem::exists(spec.network->folder)) return skip("build/pxe has not been built");
  const HttpServer server(spec.network->folder);
  spec.network->http = VmService{"10.0.2.100", 80, server.port()};
  boots_and_saves(std::move(spec), look);
}

// As the firmware tells the kernel, and as the kernel acts on it.
void secure_boot_is_enforced(Vm& vm) {
  GuestShell shell = open_shell(vm);
  BOOST_TEST(shell.must_run("dmesg | grep -i 'secure boot'").contains("Secure boot enabled"));
  BOOST_TEST(shell.run("dd if=/dev/mem of=/dev/null bs=1 count=1").status != 0);
  close_shell(vm);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vm_boot)

BOOST_AUTO_TEST_CASE(bios_cd) {
  boots_and_saves(pc_with_iso("boot-bios-cd", Firmware::kBios), pull_medium);
}
BOOST_AUTO_TEST_CASE(bios_stick) {
  boots_and_saves(as_stick(pc_with_iso("boot-bios-stick", Firmware::kBios)), pull_medium);
}
BOOST_AUTO_TEST_CASE(uefi_cd) {
  boots_and_saves(pc_with_iso("boot-uefi-cd", Firmware::kUefi));
}
BOOST_AUTO_TEST_CASE(uefi_stick) {
  boots_and_saves(as_stick(pc_with_iso("boot-uefi-stick", Firmware::kUefi)));
}
BOOST_AUTO_TEST_CASE(secure_boot_cd) {
  boots_and_saves(pc_with_iso("boot-secure-boot-cd", Firmware::kUefiSecureBoot),
                  secure_boot_is_enforced);
}
BOOST_AUTO_TEST_CASE(secure_boot_stick_with_the_files_copied_to_it) {
  if (const auto why = why_no_copied_stick()) return skip(*why);
  const TempDir dir("drydock-stick");
  copy_iso_to_stick(iso(), dir / "stick.img");
  VmSpec spec{.name = "boot-copied-stick",
              .firmware = Firmware::kUefiSecureBoot,
              .stick = dir / "stick.img"};
  boots_and_saves(spec, secure_boot_is_enforced);
}
BOOST_AUTO_TEST_CASE(network_bios) {
  boots_and_saves(from_network("boot-network-bios", Firmware::kBios, "lpxelinux.0"));
}
BOOST_AUTO_TEST_CASE(network_uefi_secure_boot) {
  boots_and_saves(from_network("boot-network-uefi", Firmware::kUefiSecureBoot, "bootx64.efi"),
                  secure_boot_is_enforced);
}

BOOST_AUTO_TEST_CASE(http_bios) {
  boots_by_http("boot-http-bios", Firmware::kBios, "lpxelinux.0");
}
BOOST_AUTO_TEST_CASE(http_uefi_secure_boot) {
  boots_by_http("boot-http-uefi", Firmware::kUefiSecureBoot, "bootx64.efi",
                secure_boot_is_enforced);
}

// The promise of the README: 256 MiB with BIOS, 512 MiB with UEFI.
BOOST_AUTO_TEST_CASE(bios_cd_with_little_memory) {
  VmSpec spec = pc_with_iso("boot-bios-little-memory", Firmware::kBios);
  spec.memory_mib = 256;
  boots_and_saves(spec);
}
BOOST_AUTO_TEST_CASE(uefi_cd_with_little_memory) {
  VmSpec spec = pc_with_iso("boot-uefi-little-memory", Firmware::kUefi);
  spec.memory_mib = 512;
  boots_and_saves(spec);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
