// The ISO comes to its menu on every kind of PC.
#include <boost/test/unit_test.hpp>

#include "support/live_system.h"
#include "support/skip.h"

namespace drydock::test {
namespace {

void boots(const VmSpec& spec) {
  if (const auto why = why_not(spec)) return skip(*why);
  Vm vm(spec);
  wait_for_menu(vm);
  BOOST_TEST(std::filesystem::file_size(vm.screenshot("menu")) > 0u);
  power_off(vm);
  BOOST_TEST(vm.is_off());
}

VmSpec as_stick(VmSpec spec) {
  spec.stick = std::exchange(spec.cd, {});
  return spec;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(vm_boot)

BOOST_AUTO_TEST_CASE(bios_cd) {
  boots(pc_with_iso("boot-bios-cd", Firmware::kBios));
}
BOOST_AUTO_TEST_CASE(bios_stick) {
  boots(as_stick(pc_with_iso("boot-bios-stick", Firmware::kBios)));
}
BOOST_AUTO_TEST_CASE(uefi_cd) {
  boots(pc_with_iso("boot-uefi-cd", Firmware::kUefi));
}
BOOST_AUTO_TEST_CASE(uefi_stick) {
  boots(as_stick(pc_with_iso("boot-uefi-stick", Firmware::kUefi)));
}

BOOST_AUTO_TEST_CASE(secure_boot_cd) {
  boots(pc_with_iso("boot-secure-boot-cd", Firmware::kUefiSecureBoot));
}

// The promise of the README: 256 MiB with BIOS.
BOOST_AUTO_TEST_CASE(bios_cd_with_little_memory) {
  VmSpec spec = pc_with_iso("boot-little-memory", Firmware::kBios);
  spec.memory_mib = 256;
  boots(spec);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace drydock::test
