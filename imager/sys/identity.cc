#include "sys/identity.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"
#include "sys/block_tree.h"
#include "sys/vpd.h"

namespace drydock::sys {
namespace {

class Drive {
 public:
  Drive(const SysTree& tree, const std::string& name)
      : tree_(tree), name_(name), folder_(sysfs_folder(name)), resolved_(tree.resolved(folder_)) {}

  DiskId identity() const {
    if (name_.starts_with("nvme")) return nvme();
    if (name_.starts_with("mmcblk")) return mmc();
    if (name_.starts_with("vd"))
      return {.model = {}, .serial = text("serial"), .wwn = {}, .bus = "virtio"};
    if (name_.starts_with("loop"))
      return {.model = text("loop/backing_file"), .serial = {}, .wwn = {}, .bus = "loop"};
    if (name_.starts_with("dm-"))
      return {
          .model = text("dm/name"), .serial = text("dm/uuid"), .wwn = {}, .bus = "device mapper"};
    if (name_.starts_with("md"))
      return {.model = text("md/level"), .serial = text("md/uuid"), .wwn = {}, .bus = "md"};
    for (const auto& [prefix, bus] : kPlain)
      if (name_.starts_with(prefix))
        return {.model = {}, .serial = text("serial"), .wwn = {}, .bus = std::string(bus)};
    return scsi();
  }

 private:
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kPlain = {{
      {"xvd", "Xen"},
      {"nbd", "network"},
      {"etherd", "network"},
      {"fd", "floppy"},
      {"pmem", "NVDIMM"},
      {"bcache", "bcache"},
  }};

  std::string text(const std::string& attribute) const {
    return printable(tree_.text(folder_ + "/" + attribute));
  }
  std::string raw(const std::string& attribute) const {
    return tree_.raw(folder_ + "/" + attribute);
  }
  bool hangs_on(std::string_view part) const { return resolved_.contains(part); }

  DiskId nvme() const {
    return {.model = text("device/model"),
            .serial = text("device/serial"),
            .wwn = text("wwid"),
            .bus = "NVMe"};
  }

  DiskId mmc() const {
    const bool card = text("device/type") == "SD";
    return {.model = text("device/name"),
            .serial = text("device/serial"),
            .wwn = {},
            .bus = card ? "SD" : "MMC"};
  }

  DiskId scsi() const {
    DiskId id{.model = scsi_model(),
              .serial = vpd_serial(raw("device/vpd_pg80")),
              .wwn = vpd_wwn(raw("device/vpd_pg83")),
              .bus = scsi_bus()};
    if (id.wwn.empty()) id.wwn = wwn_of_kernel();
    // Behind a translation the drive's own words are better: nothing is cut off.
    const std::optional<AtaIdentity> ata = vpd_ata(raw("device/vpd_pg89"));
    if (ata && !ata->model.empty()) id.model = ata->model;
    if (ata && !ata->serial.empty()) id.serial = ata->serial;
    if (ata && id.wwn.empty()) id.wwn = ata->wwn;
    if (ata && id.bus == "SATA" && !ata->serial_ata) id.bus = "ATA";
    if (id.bus == "USB") complete_from_usb(id);
    return id;
  }

  std::string scsi_model() const {
    const std::string vendor = text("device/vendor");
    const std::string model = text("device/model");
    // "ATA" is the translation's word for any drive on that bus, not a maker.
    if (vendor.empty() || vendor == "ATA") return model;
    return model.empty() ? vendor : vendor + " " + model;
  }

  std::string scsi_bus() const {
    if (hangs_on("/usb")) return "USB";
    if (hangs_on("/fw")) return "FireWire";
    if (hangs_on("/session")) return "iSCSI";
    if (hangs_on("/ata") || text("device/vendor") == "ATA") return "SATA";
    if (hangs_on("/end_device-")) return "SAS";
    return "SCSI";
  }

  // "naa.5000c500a1b2c3d4"; the other forms are no world wide names.
  std::string wwn_of_kernel() const {
    const std::string wwid = text("device/wwid");
    if (wwid.starts_with("naa.")) return "0x" + wwid.substr(4);
    return wwid.starts_with("eui.") ? wwid : std::string();
  }

  // Sticks have no vital product data: the USB device above knows serial and name.
  void complete_from_usb(DiskId& id) const {
    std::string folder = resolved_;
    while (folder.size() > 1 && !tree_.exists(folder + "/idVendor"))
      folder.resize(std::max<std::size_t>(folder.rfind('/'), 1));
    if (folder.size() <= 1) return;
    if (id.serial.empty()) id.serial = printable(tree_.text(folder + "/serial"));
    if (!id.model.empty()) return;
    id.model =
        printable(tree_.text(folder + "/manufacturer") + " " + tree_.text(folder + "/product"));
  }

  const SysTree& tree_;
  std::string name_;
  std::string folder_;
  std::string resolved_;
};

// "0000:00:1f.2"
bool is_pci_address(std::string_view part) {
  constexpr std::string_view kShape = "xxxx:xx:xx.x";
  if (part.size() != kShape.size()) return false;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool digit = std::isxdigit(static_cast<unsigned char>(part[i])) != 0;
    if (kShape[i] == 'x' ? !digit : part[i] != kShape[i]) return false;
  }
  return true;
}

}  // namespace

DiskId read_identity(const SysTree& tree, const std::string& disk) {
  return Drive(tree, disk).identity();
}

std::string controller_of(const SysTree& tree, const std::string& disk) {
  const std::string resolved = tree.resolved(sysfs_folder(disk));
  std::string address;
  for (const std::string_view part : split(resolved, '/'))
    if (is_pci_address(part)) address = part;
  return address;
}

}  // namespace drydock::sys
