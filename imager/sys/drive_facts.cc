#include "sys/drive_facts.h"

#include <algorithm>
#include <charconv>
#include <format>
#include <optional>

#include "base/text.h"
#include "sys/block_tree.h"
#include "sys/identity.h"

namespace drydock::sys {
namespace {

// "6.0 Gbps", "2.5 GT/s PCIe", "16 GT/s": the number, times 1000. "<unknown>" is 0.
std::uint64_t thousands(std::string_view text) {
  unsigned whole = 0;
  const char* const last = text.data() + text.size();
  const auto [end, failed] = std::from_chars(text.data(), last, whole);
  if (failed != std::errc() || whole > 1000) return 0;
  unsigned tenths = 0;
  if (end != last && *end == '.' && end + 1 != last && end[1] >= '0' && end[1] <= '9')
    tenths = static_cast<unsigned>(end[1] - '0');
  return whole * std::uint64_t{1000} + tenths * std::uint64_t{100};
}

std::string in_gigabits(std::uint64_t megabits) {
  return megabits == 0 ? std::string()
                       : std::format("{:.1f} Gb/s", static_cast<double>(megabits) / 1000);
}

// Kernel documentation, ABI/testing/sysfs-ata: a link of a port has the port's number.
LinkSpeed sata(const SysTree& tree, const std::string& resolved) {
  const std::size_t at = resolved.find("/ata");
  const std::string number = resolved.substr(at + 4, resolved.find('/', at + 1) - at - 4);
  const std::string folder = "/sys/class/ata_link/link" + number + "/";
  LinkSpeed link{.kind = "SATA", .now = {}, .drive = {}, .port = {}};
  link.now_rate = thousands(tree.text(folder + "sata_spd"));
  link.port_rate = thousands(tree.text(folder + "hw_sata_spd_limit"));
  link.now = in_gigabits(link.now_rate);
  link.port = in_gigabits(link.port_rate);
  return link;
}

struct PcieSpeed {
  std::string text;
  std::uint64_t rate = 0;
};

PcieSpeed pcie_speed(const SysTree& tree, const std::string& folder, const std::string& which) {
  const std::string speed = tree.text(folder + "/" + which + "_link_speed");
  const std::uint64_t lanes = tree.number(folder + "/" + which + "_link_width");
  const std::uint64_t rate = thousands(speed);
  constexpr std::uint64_t kMostLanes = 32;  // 255 stands for unknown
  if (rate == 0 || lanes == 0 || lanes > kMostLanes) return {};
  return {std::format("{:.1f} GT/s x{}", static_cast<double>(rate) / 1000, lanes), rate * lanes};
}

// Kernel documentation, ABI/testing/sysfs-bus-pci: current_link_speed and the like.
LinkSpeed pcie(const SysTree& tree, const std::string& resolved, const std::string& address) {
  const std::size_t at = resolved.find("/" + address);
  if (at == std::string::npos) return {};
  const std::string folder = resolved.substr(0, at + 1 + address.size());
  const PcieSpeed now = pcie_speed(tree, folder, "current");
  const PcieSpeed drive = pcie_speed(tree, folder, "max");
  const PcieSpeed port = pcie_speed(tree, folder.substr(0, at), "max");  // the bridge above
  return {.kind = "PCIe",
          .now = now.text,
          .drive = drive.text,
          .port = port.text,
          .now_rate = now.rate,
          .drive_rate = drive.rate,
          .port_rate = port.rate};
}

// A device that can do SuperSpeed tells version 2.10 (USB 3.2, 9.6.1) where it is connected by
// High-Speed only.
LinkSpeed usb(const SysTree& tree, std::string folder) {
  while (folder.size() > 1 && !tree.exists(folder + "/idVendor"))
    folder.resize(std::max<std::size_t>(folder.rfind('/'), 1));
  const std::uint64_t megabits = tree.number(folder + "/speed");
  if (megabits == 0) return {};
  constexpr std::uint64_t kHighSpeed = 480;
  constexpr std::uint64_t kSuperSpeed = 5000;
  LinkSpeed link{.kind = "USB", .now = std::format("{} Mb/s", megabits), .drive = {}, .port = {}};
  link.now_rate = megabits;
  if (megabits == kHighSpeed && tree.text(folder + "/version") == "2.10") {
    link.drive_rate = kSuperSpeed;
    link.drive = std::format("{} Mb/s", kSuperSpeed);
  }
  return link;
}

LinkSpeed link_of(const SysTree& tree, const std::string& disk) {
  const std::string resolved = tree.resolved(sysfs_folder(disk));
  if (resolved.contains("/usb")) return usb(tree, resolved);
  if (disk.starts_with("nvme")) return pcie(tree, resolved, controller_of(tree, disk));
  if (resolved.contains("/ata")) return sata(tree, resolved);
  return {};
}

}  // namespace

DriveFacts read_drive_facts(const SysTree& tree, const std::string& disk) {
  const std::string folder = sysfs_folder(disk);
  DriveFacts facts;
  facts.link = link_of(tree, disk);
  facts.write_cache = printable(tree.text(folder + "/queue/write_cache"));
  facts.trim = tree.number(folder + "/queue/discard_max_bytes") != 0;
  const bool nvme = disk.starts_with("nvme");
  facts.firmware = printable(tree.text(folder + (nvme ? "/device/firmware_rev" : "/device/rev")));
  return facts;
}

}  // namespace drydock::sys
