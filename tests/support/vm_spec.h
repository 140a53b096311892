// A PC to be emulated, described; and the QEMU command line that is that PC.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace drydock::test {

enum class Firmware { kBios, kUefi, kUefiSecureBoot };
// A controller is added where a disk needs one that the PC does not have. kUsb is on an XHCI.
enum class Bus {
  kVirtio,
  kAhci,
  kNvme,
  kUsb,
  kUsbEhci,
  kUsbUhci,
  kIde,
  kVirtioScsi,
  kLsi,
  kMegasas,
  kSdCard
};

struct VmDisk {
  std::filesystem::path image;  // raw; written to in place
  Bus bus = Bus::kVirtio;
  std::string serial = {};  // at most 20 characters; an SD card has none
  unsigned sector = 512;    // logical and physical; not on kAhci, kIde and kSdCard
  // QEMU's blkdebug configuration: errors that the drive answers with (unreadable_sectors()).
  std::filesystem::path faults = {};
};

// A blkdebug configuration under which reading one of these sectors (of 512 bytes) always fails.
std::string unreadable_sectors(std::span<const std::uint64_t> sectors);

// Something that listens on 127.0.0.1 of the host, and where the machine finds it: the only thing
// that it can reach.
struct VmService {
  std::string address;  // "10.0.2.100", one of 10.0.2.0/24
  std::uint16_t port = 0;
  std::uint16_t host_port = 0;
};

// A network card that the firmware starts from. Without `http`, a server on the emulated network
// alone hands out the files of `folder` by TFTP, and `file` is what DHCP names as the boot file, a
// path in it. With `http`, `file` is a URL there: BIOS is told it by DHCP, UEFI finds it in a boot
// entry.
struct VmNetworkBoot {
  std::filesystem::path folder;
  std::string file;
  std::optional<VmService> http = {};
};

// A wired port on a network of its own with a DHCP server that gives 10.0.2.15/24 and nothing else:
// no packet leaves the host.
struct VmNic {
  std::string model = "virtio-net-pci";
  std::vector<VmService> services = {};
  std::uint16_t ssh_port = 0;  // of 127.0.0.1, that leads to port 22 of the PC; 0: none
};

struct VmSpec {
  std::string name;  // of its folder for logs and screenshots, build/vm/NAME
  Firmware firmware = Firmware::kBios;
  std::filesystem::path cd = {};              // an ISO to boot from as a CD
  std::filesystem::path stick = {};           // or a USB stick (never written to)
  std::vector<VmDisk> disks = {};             // in the order the machine finds them
  std::optional<std::size_t> boot_disk = {};  // an index into `disks`, without cd and stick
  std::optional<VmNetworkBoot> network = {};  // without any of these
  std::optional<VmNic> nic = {};              // "nic0" to QMP
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

// Serial console on standard input and output, no network but VmSpec::network and VmSpec::nic, no
// reboot (a reboot ends QEMU).
std::vector<std::string> qemu_arguments(const VmSpec& spec, const VmFiles& files);

}  // namespace drydock::test
