// The Drydock ISO running in an emulated PC: how to get to its menu, a shell, and off again.
// Used by the tests and by the demonstration. Throws like support/vm.h.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "support/guest_shell.h"
#include "support/vm.h"

namespace drydock::test {

// build/drydock.iso.
std::filesystem::path iso();

// A PC with the ISO in its CD drive.
VmSpec pc_with_iso(std::string name, Firmware firmware, std::vector<VmDisk> disks = {});

// Why a test with that PC cannot run here, or nothing.
std::optional<std::string> why_not(const VmSpec& spec);

// Starts a PC with BIOS with more kernel arguments, as a person adds them: Tab in the boot menu
// shows the line of the marked entry.
void boot_with(Vm& vm, const std::string& options);

// Waits until the menu is on the serial console, and on the VGA console where its text can be read.
void wait_for_menu(Vm& vm);

// From the menu on the serial console into a shell there, and back.
GuestShell open_shell(Vm& vm);
void close_shell(Vm& vm);

// Through the menu on the serial console. Returns when QEMU has ended.
void power_off(Vm& vm);

}  // namespace drydock::test
