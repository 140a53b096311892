#include "sys/controllers.h"

#include <algorithm>
#include <charconv>
#include <format>

namespace drydock::sys {
namespace {

// PCI Code and ID Assignment Specification, base class 01h: the sub-class is the second byte.
enum : unsigned { kStorage = 0x01, kRaid = 0x0104, kNvme = 0x0108 };
enum : unsigned { kIntel = 0x8086, kAmd = 0x1022 };

struct Controller {
  std::string address;  // "0000:00:17.0"
  unsigned vendor = 0;
  unsigned device = 0;
  unsigned kind = 0;      // base class and sub-class
  std::string driver;     // empty: none has taken it
  unsigned remapped = 0;  // NVMe drives that it hides, as its driver counted them
  bool has_drive = false;

  std::string name() const { return std::format("{} ({:04x}:{:04x})", address, vendor, device); }
};

unsigned hexadecimal(const SysTree& tree, const std::string& path) {
  const std::string text = tree.text(path);  // "0x8086"
  unsigned value = 0;
  if (text.starts_with("0x"))
    std::from_chars(text.data() + 2, text.data() + text.size(), value, 16);
  return value;
}

Controller read_controller(const SysTree& tree, const std::string& address,
                           const std::vector<Disk>& disks) {
  const std::string folder = "/sys/bus/pci/devices/" + address;
  Controller found;
  found.address = address;
  found.vendor = hexadecimal(tree, folder + "/vendor");
  found.device = hexadecimal(tree, folder + "/device");
  found.kind = hexadecimal(tree, folder + "/class") >> 8;
  const std::string driver = tree.resolved(folder + "/driver");
  if (!driver.empty()) found.driver = last_part(driver);
  found.remapped = static_cast<unsigned>(tree.number(folder + "/remapped_nvme"));
  found.has_drive = std::ranges::contains(disks, address, &Disk::controller);
  return found;
}

constexpr std::string_view kIntelMode =
    "In the firmware's setup set the storage mode to AHCI, or switch VMD and RST off; drives that "
    "were joined to an array by it are seen one by one then. Set it back afterwards: an installed "
    "Windows starts only in the mode it was installed in.";
constexpr std::string_view kAmdMode =
    "In the firmware's setup set SATA and NVMe to AHCI or switch NVMe RAID off; drives that were "
    "joined to an array are seen one by one then. Set it back afterwards: an installed Windows "
    "starts only in the mode it was installed in.";

std::string remapped_words(const Controller& controller) {
  return std::format("The storage controller {} hides {} NVMe drive{}: it is in RAID mode. {}",
                     controller.name(), controller.remapped, controller.remapped == 1 ? "" : "s",
                     kIntelMode);
}

std::string driverless_words(const Controller& controller) {
  const std::string what = std::format("The storage controller {}", controller.name());
  if (controller.kind == kRaid && controller.vendor == kIntel)
    return what + " is in RAID mode, and its drives cannot be seen. " + std::string(kIntelMode);
  if (controller.kind == kRaid && controller.vendor == kAmd)
    return what + " is in RAID mode, and its drives cannot be seen. " + std::string(kAmdMode);
  return what +
         " has no driver in Drydock, so its drives cannot be seen. Look in the firmware's setup "
         "for another mode of it (AHCI, HBA), or attach the drive to another controller or by USB.";
}

std::string idle_words(const Controller& controller) {
  const std::string what = std::format("The controller {}, driver {}, shows no drive. ",
                                       controller.name(), controller.driver);
  if (controller.kind == kNvme)
    return what +
           "If one is built in, it did not start or has no namespace: switch the computer off for "
           "a minute and try again; seat the drive anew.";
  return what +
         "A RAID controller shows only arrays: make one in its own setup, or set its drives to HBA "
         "(JBOD, non-RAID) mode. Making an array may erase drives; do not, if one holds data.";
}

std::string advice(const Controller& controller) {
  if (controller.remapped > 0) return remapped_words(controller);
  if (controller.driver.empty()) return driverless_words(controller);
  const bool should_show = controller.kind == kRaid || controller.kind == kNvme;
  return should_show && !controller.has_drive ? idle_words(controller) : std::string();
}

}  // namespace

std::vector<std::string> hidden_drive_advice(const SysTree& tree, const std::vector<Disk>& disks) {
  std::vector<std::string> all;
  for (const std::string& address : tree.names("/sys/bus/pci/devices")) {
    const Controller controller = read_controller(tree, address, disks);
    if (controller.kind >> 8 != kStorage) continue;
    std::string words = advice(controller);
    if (!words.empty()) all.push_back(std::move(words));
  }
  return all;
}

}  // namespace drydock::sys
