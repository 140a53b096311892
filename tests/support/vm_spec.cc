#include "support/vm_spec.h"

#include <algorithm>
#include <string_view>

#include "support/process.h"

namespace drydock::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kQemu = "qemu-system-x86_64";
constexpr std::string_view kOvmf = "/usr/share/OVMF/";

fs::path uefi_code_of(Firmware firmware) {
  return std::string(kOvmf) +
         (firmware == Firmware::kUefi ? "OVMF_CODE_4M.fd" : "OVMF_CODE_4M.ms.fd");
}

using Arguments = std::vector<std::string>;

void add(Arguments& to, std::initializer_list<std::string> more) {
  to.insert(to.end(), more);
}

// A comma ends a QEMU option's value unless doubled.
std::string quoted(const fs::path& path) {
  std::string out;
  for (const char c : path.string()) out += c == ',' ? std::string(",,") : std::string(1, c);
  return out;
}

void add_firmware(Arguments& to, const VmSpec& spec, const VmFiles& files) {
  const bool secure = spec.firmware == Firmware::kUefiSecureBoot;
  add(to, {"-machine", secure ? "q35,smm=on" : "q35"});
  if (spec.firmware == Firmware::kBios) return;
  add(to, {"-drive",
           "if=pflash,format=raw,unit=0,readonly=on,file=" + quoted(uefi_code_of(spec.firmware))});
  add(to, {"-drive", "if=pflash,format=raw,unit=1,file=" + quoted(files.uefi_variables)});
  if (secure) add(to, {"-global", "driver=cfi.pflash01,property=secure,value=on"});
}

std::string device_of(Bus bus) {
  switch (bus) {
    case Bus::kVirtio:
      return "virtio-blk-pci";
    case Bus::kAhci:
      return "ide-hd";
    case Bus::kNvme:
      return "nvme";
    case Bus::kUsb:
      return "usb-storage";
  }
  return {};
}

void add_disk(Arguments& to, const VmDisk& disk, std::size_t index, std::size_t ahci_port,
              bool boot) {
  const std::string id = "disk" + std::to_string(index);
  // The host's page cache is safe enough: a host that crashes takes the test with it.
  add(to, {"-drive", "if=none,format=raw,cache=unsafe,discard=unmap,id=" + id +
                         ",file=" + quoted(disk.image)});
  std::string device = device_of(disk.bus) + ",id=dev" + std::to_string(index) + ",drive=" + id;
  if (!disk.serial.empty()) device += ",serial=" + disk.serial;
  if (disk.serial.empty() && disk.bus == Bus::kNvme)
    device += ",serial=nvme" + std::to_string(index);
  if (disk.bus == Bus::kAhci) device += ",bus=ide." + std::to_string(ahci_port);
  if (disk.bus == Bus::kUsb) device += ",removable=on";
  if (boot) device += ",bootindex=1";
  add(to, {"-device", device});
}

}  // namespace

fs::path uefi_variables_of(Firmware firmware) {
  if (firmware == Firmware::kBios) return {};
  return std::string(kOvmf) +
         (firmware == Firmware::kUefi ? "OVMF_VARS_4M.fd" : "OVMF_VARS_4M.ms.fd");
}

std::string why_no_vm(const VmSpec& spec) {
  if (!have_program(kQemu)) return std::string(kQemu) + " is not installed";
  for (const fs::path& file : {spec.cd, spec.stick}) {
    if (!file.empty() && !fs::exists(file)) return file.string() + " has not been built";
  }
  if (spec.firmware == Firmware::kBios) return {};
  for (const fs::path& file : {uefi_code_of(spec.firmware), uefi_variables_of(spec.firmware)}) {
    if (!fs::exists(file)) return file.string() + " is missing (package ovmf)";
  }
  return {};
}

Arguments qemu_arguments(const VmSpec& spec, const VmFiles& files) {
  Arguments all{std::string(kQemu)};
  add_firmware(all, spec, files);
  add(all, {"-accel", "tcg", "-cpu", "max", "-smp", std::to_string(spec.cpus)});
  add(all, {"-m", std::to_string(spec.memory_mib), "-nodefaults", "-vga", "std", "-nic", "none"});
  add(all, {"-display", "none", "-serial", "stdio", "-no-reboot"});
  add(all, {"-qmp", "unix:" + quoted(files.qmp_socket) + ",server=on,wait=off"});
  const bool usb = !spec.stick.empty() || std::ranges::any_of(spec.disks, [](const VmDisk& d) {
    return d.bus == Bus::kUsb;
  });
  if (usb) add(all, {"-device", "qemu-xhci"});
  if (!spec.cd.empty()) {
    add(all,
        {"-drive", "if=none,id=cd,media=cdrom,readonly=on,format=raw,file=" + quoted(spec.cd)});
    add(all, {"-device", "ide-cd,drive=cd,bus=ide.0,bootindex=1"});
  }
  if (!spec.stick.empty()) {
    add(all, {"-drive", "if=none,id=stick,snapshot=on,format=raw,file=" + quoted(spec.stick)});
    add(all, {"-device", "usb-storage,drive=stick,removable=on,bootindex=1"});
  }
  std::size_t next_port = 1;  // of q35's six; the first is the CD drive's
  for (std::size_t i = 0; i < spec.disks.size(); ++i) {
    const std::size_t port = spec.disks[i].bus == Bus::kAhci ? next_port++ : 0;
    add_disk(all, spec.disks[i], i, port, spec.boot_disk == i);
  }
  return all;
}

}  // namespace drydock::test
