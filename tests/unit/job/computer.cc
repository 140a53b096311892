#include "unit/job/computer.h"

#include "base/units.h"
#include "support/files.h"
#include "support/process.h"
#include "support/skip.h"
#include "unit/disk/tables.h"

namespace drydock::job::test {
namespace {

Disk drive(const std::string& path, std::uint64_t bytes, std::string model, std::string bus) {
  Disk disk;
  disk.path = path;
  disk.id = {std::move(model), "S-" + path.substr(5), "", std::move(bus)};
  disk.geometry = {bytes, 512, 512};
  return disk;
}

// The header page that mkswap writes (linux/swap.h: union swap_header).
void put_swap(io::MemoryDisk& disk, std::uint64_t offset, std::uint64_t bytes) {
  constexpr std::uint64_t kPage = 4096;
  const MutableBytes page = disk.content().subspan(offset, kPage);
  store_le<std::uint32_t>(page.data() + 1024, 1);
  store_le<std::uint32_t>(page.data() + 1028, static_cast<std::uint32_t>(bytes / kPage - 1));
  std::ranges::copy(as_bytes("SWAPSPACE2"), page.begin() + kPage - 10);
}

}  // namespace

void Computer::add_system_drive(const std::string& path, std::uint64_t mib,
                                std::uint64_t swap_mib) {
  constexpr std::uint32_t kSectors = kMiB / 512;
  const auto swap_sectors = static_cast<std::uint32_t>(swap_mib) * kSectors;
  io::MemoryDisk content(mib * kMiB);
  disk::test::put_mbr(content, 0,
                      {{.type = 0x82, .first = kSectors, .sectors = swap_sectors},
                       {.type = 0x83,
                        .first = kSectors + swap_sectors,
                        .sectors = static_cast<std::uint32_t>(mib - 1) * kSectors - swap_sectors}},
                      0x12345678);
  put_swap(content, kMiB, swap_mib * kMiB);
  const Bytes bytes = std::as_const(content).content();
  drydock::test::write_file(machine.content(path),
                            {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  machine.plug(drive(path, bytes.size(), "Old Disk", "SATA"));
  machine.add_partition(path + "1", path, {kMiB, swap_mib * kMiB});
  machine.add_partition(path + "2", path, {(1 + swap_mib) * kMiB, (mib - 1 - swap_mib) * kMiB});
}

void Computer::add_empty_drive(const std::string& path, std::uint64_t bytes,
                               const std::string& serial) {
  Disk disk = drive(path, bytes, "Empty Disk", "SATA");
  if (!serial.empty()) disk.id.serial = serial;
  machine.plug(disk);
}

std::optional<std::string> Computer::add_stick(const std::string& path) {
  if (auto why = drydock::test::missing_program("mkfs.vfat")) return why;
  const std::string content = machine.content(path);
  drydock::test::make_sparse(content, 16 * kMiB);
  drydock::test::must_run({.argv = {"mkfs.vfat", "-n", "IMAGES", content}});
  machine.plug(drive(path, 16 * kMiB, "Stick", "USB"));
  machine.add_volume({.mount_point = {},
                      .filesystem = "vfat",
                      .device = path,
                      .disk = path,
                      .free = 9 * kMiB,
                      .total = 16 * kMiB});
  return std::nullopt;
}

void Recorder::on(const Event& event) {
  if (const auto* bad = std::get_if<Unreadable>(&event)) unreadable.push_back(*bad);
  if (const auto* notice = std::get_if<Notice>(&event)) notices.push_back(notice->text);
  if (const auto* progress = std::get_if<Progress>(&event)) last = *progress;
  if (const auto* now = std::get_if<Rescued>(&event)) rescued.push_back(*now);
}

}  // namespace drydock::job::test
