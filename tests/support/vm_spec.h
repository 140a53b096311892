// A PC to be emulated, described; and the QEMU command line that is that PC.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace drydock::test {

enum class Firmware { kBios, kUefi, kUefiSecureBoot };
enum class Bus { kVirtio, kAhci, kNvme, kUsb };

struct VmDisk {
  std::filesystem::path image;  // raw; written to in place
  Bus bus = Bus::kVirtio;
  std::string serial = {};  // at most 20 characters
};

struct VmSpec {
  std::string name;  // of its folder for logs and screenshots, build/vm/NAME
  Firmware firmware = Firmware::kBios;
  std::filesystem::path cd = {};              // an ISO to boot from as a CD
  std::filesystem::path stick = {};           // or as a USB stick (never written to)
  std::vector<VmDisk> disks = {};             // in the order the machine finds them
  std::optional<std::size_t> boot_disk = {};  // an index into `disks`, without cd and stick
  unsigned memory_mib = 1024;
  unsigned cpus = 2;
};

// Where QEMU and its firmware keep their files for one run.
struct VmFiles {
  std::filesystem::path qmp_socket;
  std::filesystem::path uefi_variables;  // a fresh copy of the firmware's, made before the start
};

// Empty where the spec can be emulated on this host, else the reason (for a skipped test).
std::string why_no_vm(const VmSpec& spec);

// The firmware's pristine variable store, to be copied to VmFiles::uefi_variables. Empty for BIOS.
std::filesystem::path uefi_variables_of(Firmware firmware);

// Serial console on standard input and output, no network, no reboot (a reboot ends QEMU).
std::vector<std::string> qemu_arguments(const VmSpec& spec, const VmFiles& files);

}  // namespace drydock::test
