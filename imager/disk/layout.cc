#include "disk/layout.h"

#include <algorithm>
#include <bit>
#include <format>

#include "disk/apm.h"
#include "disk/boot_record.h"
#include "disk/gpt.h"
#include "disk/gpt_layout.h"
#include "disk/inner_tables.h"
#include "disk/mbr.h"

namespace drydock::disk {
namespace {

std::uint32_t sector_of(const io::BlockSource& disk) {
  const std::uint32_t sector = disk.geometry().logical_sector;
  return std::has_single_bit(sector) && sector >= 512 && sector <= 65536 ? sector : 512;
}

Layout no_table(const io::BlockSource& disk) {
  Layout layout;
  Partition whole;
  whole.extent = {0, disk.geometry().bytes};
  layout.partitions.push_back(std::move(whole));
  return layout;
}

// True when the entries describe places on this disk that do not overlap. Stricter than what a
// boot record needs; asked when the sector could also be the start of a filesystem.
bool describes_disk(const BootRecord& record, std::uint64_t disk_sectors) {
  ExtentMap taken;
  for (const BootEntry& entry : record.entries) {
    if (entry.empty()) continue;
    const Extent extent{entry.first, entry.sectors};
    if (entry.first == 0 || extent.end() > disk_sectors || taken.intersects(extent)) return false;
    taken.add(extent);
  }
  return true;
}

// The rules of Linux (block/partitions/msdos.c): 55 AA alone also ends the boot sector of a
// filesystem, but its entries then hold code, text or nothing.
bool is_partition_table(const BootRecord& record, Bytes sector, const io::BlockSource& disk) {
  if (!record.flags_plausible() || record.empty()) return false;
  if (!is_volume_boot_sector(sector)) return true;
  return describes_disk(record, disk.geometry().bytes / sector_of(disk));
}

// An optical medium has sectors of 2048 bytes, while the MBR of a hybrid ISO image is made for the
// 512 bytes of the stick that the image may also be written to.
bool is_optical(const io::BlockSource& disk) {
  return sector_of(disk) == 2048;
}

Error no_intact_gpt(const io::BlockSource& disk, const Gpt& gpt) {
  return bad_input(disk.name(),
                   std::format("the disk announces a GPT, but the primary one {} and the backup {}",
                               gpt.primary_fault, gpt.backup_fault),
                   "Keep the disk as a whole, or repair its partition table first");
}

// Linux uses a GPT only when the MBR announces it, and so do we: a GPT without that is what an
// earlier use of the disk has left behind.
Result<void> note_stale_gpt(const io::BlockSource& disk, Layout& layout) {
  const Gpt gpt = TRY(find_gpt(disk));
  if (gpt.primary)
    layout.notes.push_back(
        "there is a GPT, too, but the first sector does not announce it: ignored");
  return {};
}

Result<Layout> without_first_sector(const io::BlockSource& disk, const Error& error) {
  if (error.code != Code::unreadable) return fail(error);
  const Gpt gpt = TRY(find_gpt(disk));
  // A backup alone would not do: nothing tells whether it is of today.
  if (!gpt.primary) return fail(error);
  return gpt_layout(disk, gpt, nullptr);
}

Result<Layout> gpt_of(const io::BlockSource& disk, const BootRecord& record) {
  const Gpt gpt = TRY(find_gpt(disk));
  if (!gpt.intact()) return fail(no_intact_gpt(disk, gpt));
  return gpt_layout(disk, gpt, &record);
}

Result<Layout> other_table(const io::BlockSource& disk, const std::optional<BootRecord>& record,
                           Bytes first) {
  if (record && is_partition_table(*record, first, disk) && !is_optical(disk))
    return mbr_layout(disk, *record, sector_of(disk));
  auto apm = TRY(apm_layout(disk));
  if (apm) return std::move(*apm);
  return no_table(disk);
}

Result<Layout> outer_table(const io::BlockSource& disk) {
  if (disk.geometry().bytes < kBootRecordBytes) return no_table(disk);
  const auto first = io::read_bytes(disk, 0, kBootRecordBytes);
  if (!first) return without_first_sector(disk, first.error());
  const auto record = parse_boot_record(*first);
  if (record && record->announces_gpt()) return gpt_of(disk, *record);
  Layout layout = TRY(other_table(disk, record, *first));
  TRY(note_stale_gpt(disk, layout));
  return layout;
}

}  // namespace

Result<Layout> read_layout(const io::BlockSource& disk) {
  Layout layout = TRY(outer_table(disk));
  TRY(read_divided(disk, layout));
  return layout;
}

}  // namespace drydock::disk
