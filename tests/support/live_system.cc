#include "support/live_system.h"

#include <cstdlib>

#include "support/console.h"
#include "support/menu.h"

namespace drydock::test {
namespace {

std::filesystem::path build_folder() {
  const char* folder = std::getenv("DRYDOCK_BUILD");
  return folder != nullptr ? folder : "build";
}

constexpr std::string_view kPrompt = "drydock:~#";

}  // namespace

std::filesystem::path iso() {
  return build_folder() / "drydock.iso";
}

VmSpec pc_with_iso(std::string name, Firmware firmware, std::vector<VmDisk> disks) {
  return {.name = std::move(name), .firmware = firmware, .cd = iso(), .disks = std::move(disks)};
}

std::optional<std::string> why_not(const VmSpec& spec) {
  std::string why = why_no_vm(spec);
  if (why.empty()) return std::nullopt;
  return why;
}

void boot_with(Vm& vm, const std::string& options) {
  vm.wait_for_vga("Drydock, serial console");
  vm.vga_press("tab");
  vm.wait_for_vga("vmlinuz");
  vm.vga_type(" " + options);
  vm.vga_press("ret");
}

void wait_for_menu(Vm& vm) {
  SerialConsole serial(vm);
  Menu(serial).wait_for_home();
  VgaConsole vga(vm);
  if (!vga.text().empty()) Menu(vga).wait_for_home();
}

GuestShell open_shell(Vm& vm) {
  SerialConsole serial(vm);
  serial.press("t");
  serial.wait_for(kPrompt);
  return GuestShell(vm);
}

void close_shell(Vm& vm) {
  SerialConsole serial(vm);
  serial.type("exit\n");
  Menu(serial).wait_for_home();
}

void power_off(Vm& vm) {
  SerialConsole serial(vm);
  Menu(serial).power_off();
}

}  // namespace drydock::test
