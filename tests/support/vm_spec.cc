#include "support/vm_spec.h"

#include <format>
#include <set>
#include <string_view>

#include "support/process.h"

namespace drydock::test {
namespace {

namespace stdfs = std::filesystem;

constexpr std::string_view kQemu = "qemu-system-x86_64";
constexpr std::string_view kBusybox = "build/deps/busybox/busybox";
constexpr std::string_view kOvmf = "/usr/share/OVMF/";

stdfs::path uefi_code_of(Firmware firmware) {
  return std::string(kOvmf) +
         (firmware == Firmware::kUefi ? "OVMF_CODE_4M.fd" : "OVMF_CODE_4M.ms.fd");
}

using Arguments = std::vector<std::string>;

void add(Arguments& to, std::initializer_list<std::string> more) {
  to.insert(to.end(), more);
}

// A comma ends a QEMU option's value unless doubled.
std::string escaped(const stdfs::path& path) {
  std::string out;
  for (const char c : path.string()) out += c == ',' ? std::string(",,") : std::string(1, c);
  return out;
}

void add_firmware(Arguments& to, const VmSpec& spec, const VmFiles& files) {
  const bool secure = spec.firmware == Firmware::kUefiSecureBoot;
  add(to, {"-machine", secure ? "q35,smm=on" : "q35"});
  if (spec.firmware == Firmware::kBios) return;
  add(to, {"-drive",
           "if=pflash,format=raw,unit=0,readonly=on,file=" + escaped(uefi_code_of(spec.firmware))});
  add(to, {"-drive", "if=pflash,format=raw,unit=1,file=" + escaped(files.uefi_variables)});
  if (secure) add(to, {"-global", "driver=cfi.pflash01,property=secure,value=on"});
}

struct BusParts {
  std::string device;
  std::string controller = {};  // empty: the PC has one
  std::string option = {};      // of the device: which controller it is on, and how
};

BusParts parts_of(Bus bus) {
  switch (bus) {
    case Bus::kVirtio:
      return {"virtio-blk-pci"};
    case Bus::kAhci:
      return {"ide-hd"};
    case Bus::kNvme:
      return {"nvme"};
    case Bus::kUsb:
      return {"usb-storage", "qemu-xhci,id=xhci", ",bus=xhci.0,removable=on"};
    case Bus::kUsbEhci:
      return {"usb-storage", "usb-ehci,id=ehci", ",bus=ehci.0,removable=on"};
    case Bus::kUsbUhci:
      return {"usb-storage", "piix3-usb-uhci,id=uhci", ",bus=uhci.0,removable=on"};
    case Bus::kIde:
      return {"ide-hd", "piix3-ide,id=oldide", ",bus=oldide.0"};
    case Bus::kVirtioScsi:
      return {"scsi-hd", "virtio-scsi-pci,id=vscsi", ",bus=vscsi.0"};
    case Bus::kLsi:
      return {"scsi-hd", "lsi53c895a,id=lsi", ",bus=lsi.0"};
    case Bus::kMegasas:
      return {"scsi-hd", "megasas,id=megasas", ",bus=megasas.0"};
    case Bus::kSdCard:
      return {"sd-card", "sdhci-pci,id=sdhci", ",bus=sd-bus"};
  }
  return {};
}

// Each kind once, the XHCI also for what is plugged in later or booted from.
void add_controllers(Arguments& to, const VmSpec& spec) {
  std::set<std::string> needed;
  if (!spec.stick.empty()) needed.insert(parts_of(Bus::kUsb).controller);
  for (const VmDisk& disk : spec.disks) needed.insert(parts_of(disk.bus).controller);
  for (const std::string& controller : needed)
    if (!controller.empty()) add(to, {"-device", controller});
}

void add_disk(Arguments& to, const VmDisk& disk, std::size_t index, std::size_t ahci_port,
              bool boot) {
  const std::string id = "disk" + std::to_string(index);
  // The host's page cache is safe enough: a host that crashes takes the test with it.
  const std::string faults = disk.faults.empty() ? "" : "blkdebug:" + escaped(disk.faults) + ":";
  add(to, {"-drive", "if=none,format=raw,cache=unsafe,discard=unmap,id=" + id + ",file=" + faults +
                         escaped(disk.image)});
  const BusParts parts = parts_of(disk.bus);
  std::string device = parts.device + ",id=dev" + std::to_string(index) + ",drive=" + id;
  device += parts.option;
  if (!disk.serial.empty()) device += ",serial=" + disk.serial;
  if (disk.serial.empty() && disk.bus == Bus::kNvme)
    device += ",serial=nvme" + std::to_string(index);
  if (disk.bus == Bus::kAhci) device += ",bus=ide." + std::to_string(ahci_port);
  if (disk.sector != 512)
    device += std::format(",logical_block_size={0},physical_block_size={0}", disk.sector);
  if (boot) device += ",bootindex=1";
  add(to, {"-device", device});
}

// For each connection QEMU starts a program that is the connection on its standard input and
// output.
std::string forwarding(const VmService& service) {
  return ",guestfwd=tcp:" + service.address + ":" + std::to_string(service.port) +
         "-cmd:" + escaped(stdfs::absolute(kBusybox)) + " nc 127.0.0.1 " +
         std::to_string(service.host_port);
}

// UEFI firmware brings its own driver: the card's ROM, an old iPXE, does not get on with shim.
void add_network(Arguments& to, const VmNetworkBoot& boot, Firmware firmware) {
  std::string net = "user,id=boot,restrict=on";
  if (boot.http)
    net += forwarding(*boot.http);
  else
    net += ",tftp=" + escaped(boot.folder);
  if (!boot.http || firmware == Firmware::kBios) net += ",bootfile=" + escaped(boot.file);
  add(to, {"-netdev", net});
  // An order given to QEMU would go before the firmware's own boot entries.
  const std::string order = boot.http && firmware != Firmware::kBios ? "" : ",bootindex=1";
  add(to, {"-device", (firmware == Firmware::kBios ? "e1000,netdev=boot"
                                                   : "virtio-net-pci,netdev=boot,romfile=") +
                          order});
}

void add_nic(Arguments& to, const VmNic& nic) {
  std::string net = "user,id=net0,restrict=on,ipv6=off";
  for (const VmService& service : nic.services) net += forwarding(service);
  if (nic.ssh_port != 0) net += ",hostfwd=tcp:127.0.0.1:" + std::to_string(nic.ssh_port) + "-:22";
  add(to, {"-netdev", net, "-device", nic.model + ",netdev=net0,id=nic0"});
}

}  // namespace

stdfs::path uefi_variables_of(Firmware firmware) {
  if (firmware == Firmware::kBios) return {};
  return std::string(kOvmf) +
         (firmware == Firmware::kUefi ? "OVMF_VARS_4M.fd" : "OVMF_VARS_4M.ms.fd");
}

std::string unreadable_sectors(std::span<const std::uint64_t> sectors) {
  std::string text;
  for (const std::uint64_t sector : sectors)
    text += std::format(
        "[inject-error]\nevent = \"read_aio\"\nerrno = \"5\"\nsector = \"{}\"\n"
        "once = \"off\"\n",
        sector);
  return text;
}

std::string why_no_vm(const VmSpec& spec) {
  if (!have_program(kQemu)) return std::string(kQemu) + " is not installed";
  for (const stdfs::path& file :
       {spec.cd, spec.stick, spec.network ? spec.network->folder : stdfs::path()}) {
    if (!file.empty() && !stdfs::exists(file)) return file.string() + " has not been built";
  }
  const bool forwards =
      (spec.nic && !spec.nic->services.empty()) || (spec.network && spec.network->http);
  if (forwards && !stdfs::exists(kBusybox)) return std::string(kBusybox) + " has not been built";
  if (spec.firmware == Firmware::kBios) return {};
  for (const stdfs::path& file : {uefi_code_of(spec.firmware), uefi_variables_of(spec.firmware)}) {
    if (!stdfs::exists(file)) return file.string() + " is missing (package ovmf)";
  }
  return {};
}

Arguments qemu_arguments(const VmSpec& spec, const VmFiles& files) {
  Arguments all{std::string(kQemu)};
  add_firmware(all, spec, files);
  // The emulated processors take turns: with a host thread each, one can run an instruction that
  // another is just changing, and a kernel patching its own jumps now and then dies of it.
  add(all, {"-accel", "tcg,thread=single", "-cpu", "max", "-smp", std::to_string(spec.cpus)});
  add(all, {"-m", std::to_string(spec.memory_mib), "-nodefaults", "-vga", "std"});
  add(all, {"-display", "none", "-serial", "stdio", "-no-reboot"});
  add(all, {"-qmp", "unix:" + escaped(files.qmp_socket) + ",server=on,wait=off"});
  if (spec.network) add_network(all, *spec.network, spec.firmware);
  if (spec.nic) add_nic(all, *spec.nic);
  if (!spec.network && !spec.nic) add(all, {"-nic", "none"});
  add_controllers(all, spec);
  if (!spec.cd.empty()) {
    add(all,
        {"-drive", "if=none,id=cd,media=cdrom,readonly=on,format=raw,file=" + escaped(spec.cd)});
    add(all, {"-device", "ide-cd,drive=cd,bus=ide.0,bootindex=1"});
  }
  if (!spec.stick.empty()) {
    add(all, {"-drive", "if=none,id=stick,snapshot=on,format=raw,file=" + escaped(spec.stick)});
    add(all,
        {"-device", "usb-storage,id=stickdev,drive=stick,bus=xhci.0,removable=on,bootindex=1"});
  }
  std::size_t next_port = 1;  // of q35's six; the first is the CD drive's
  for (std::size_t i = 0; i < spec.disks.size(); ++i) {
    const std::size_t port = spec.disks[i].bus == Bus::kAhci ? next_port++ : 0;
    add_disk(all, spec.disks[i], i, port, spec.boot_disk == i);
  }
  return all;
}

}  // namespace drydock::test
