#include "sys/drive_condition.h"

#include <fcntl.h>
#include <linux/sed-opal.h>
#include <sys/ioctl.h>

#include <charconv>

#include "io/fd.h"
#include "sys/ata_command.h"
#include "sys/block_tree.h"
#include "sys/drive_limits.h"

namespace drydock::sys {
namespace {

// Only by what the drive says it knows: an unknown command makes some stumble.
HiddenEnd ask_for_hidden_end(int fd, const AtaIdentity& ata) {
  HiddenEnd end;
  const auto sectors = [fd](AtaQuestion question) -> std::optional<std::uint64_t> {
    const auto last = ask_last_sector(fd, question);
    if (!last || !*last) return std::nullopt;
    return **last + 1;
  };
  if (ata.protected_area) end.native_sectors = sectors(AtaQuestion::read_native_max);
  if (!ata.protected_area && ata.accessible_max)
    end.native_sectors = sectors(AtaQuestion::accessible_max);
  if (ata.overlay) end.factory_sectors = sectors(AtaQuestion::identify_overlay);
  return end;
}

std::optional<OpalState> ask_opal(int fd) {
  opal_status status{};
  if (::ioctl(fd, IOC_OPAL_GET_STATUS, &status) != 0) return std::nullopt;
  if ((status.flags & OPAL_FL_SUPPORTED) == 0) return std::nullopt;
  return OpalState{.enabled = (status.flags & OPAL_FL_LOCKING_ENABLED) != 0,
                   .locked = (status.flags & OPAL_FL_LOCKED) != 0,
                   .shadow = (status.flags & OPAL_FL_MBR_ENABLED) != 0 &&
                             (status.flags & OPAL_FL_MBR_DONE) == 0};
}

// A sensor's folder is below that of what it belongs to, in newer kernels in one more folder.
std::string sensor_folder(const SysTree& tree, const std::string& device) {
  for (const std::string& parent : {device, device + "/hwmon"})
    for (const std::string& name : tree.names(parent))
      if (tree.exists(parent + "/" + name + "/temp1_input")) return parent + "/" + name;
  return {};
}

}  // namespace

std::optional<int> temperature(const SysTree& tree, const std::string& disk) {
  const std::string folder = sensor_folder(tree, sysfs_folder(disk) + "/device");
  if (folder.empty()) return std::nullopt;
  const std::string text = tree.text(folder + "/temp1_input");
  int thousandths = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), thousandths);
  if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return thousandths / 1000;
}

DriveCondition ask_for_condition(const SysTree& tree, const Disk& disk) {
  const auto name = block_name(tree, disk.path);
  if (!name) return {};
  const auto ata = vpd_ata(tree.raw(sysfs_folder(*name) + "/device/vpd_pg89"));
  HiddenEnd end;
  std::optional<OpalState> opal;
  if (const auto fd = io::open_path(disk.path, O_RDONLY | O_NONBLOCK)) {
    // Bridges of USB are known to hang on commands that they do not know.
    const bool direct = disk.id.bus == "SATA" || disk.id.bus == "ATA";
    if (ata && direct) end = ask_for_hidden_end(fd->get(), *ata);
    opal = ask_opal(fd->get());
  }
  return {.celsius = temperature(tree, *name), .limits = drive_limits(ata, end, opal)};
}

}  // namespace drydock::sys
