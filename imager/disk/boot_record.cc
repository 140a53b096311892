#include "disk/boot_record.h"

#include <algorithm>
#include <bit>

namespace drydock::disk {
namespace {

constexpr std::size_t kSignature = 440;
constexpr std::size_t kEntries = 446;
constexpr std::size_t kEntryBytes = 16;
constexpr std::size_t kMagic = 510;

// The BIOS parameter block of FAT (Microsoft FAT specification 1.03 §3.1) without what an NTFS or
// an empty one could share.
bool has_fat_parameters(const ByteReader& sector) {
  const bool jump = sector.u8(0) == 0xEB || sector.u8(0) == 0xE9;
  const unsigned sector_bytes = sector.le16(11);
  const unsigned cluster_sectors = sector.u8(13);
  const unsigned fats = sector.u8(16);
  const unsigned media = sector.u8(21);
  return jump && sector_bytes >= 512 && sector_bytes <= 4096 && std::has_single_bit(sector_bytes) &&
         std::has_single_bit(cluster_sectors) && sector.le16(14) != 0 && fats >= 1 && fats <= 2 &&
         (media == 0xF0 || media >= 0xF8);
}

}  // namespace

bool BootRecord::flags_plausible() const {
  return std::ranges::all_of(entries, [](const BootEntry& e) { return (e.flag & 0x7F) == 0; });
}

bool BootRecord::announces_gpt() const {
  return std::ranges::any_of(entries,
                             [](const BootEntry& e) { return e.protects_gpt() && !e.empty(); });
}

bool BootRecord::empty() const {
  return std::ranges::all_of(entries, &BootEntry::empty);
}

std::optional<BootRecord> parse_boot_record(Bytes sector) {
  const ByteReader reader(sector);
  if (reader.u8(kMagic) != 0x55 || reader.u8(kMagic + 1) != 0xAA) return std::nullopt;
  BootRecord record;
  record.signature = reader.le32(kSignature);
  for (std::size_t i = 0; i < record.entries.size(); ++i) {
    const std::size_t at = kEntries + i * kEntryBytes;
    record.entries[i] = {reader.u8(at), reader.u8(at + 4), reader.le32(at + 8),
                         reader.le32(at + 12)};
  }
  return record;
}

void put_boot_entry_sectors(MutableBytes record, std::size_t slot, std::uint32_t sectors) {
  const std::size_t at = kEntries + slot * kEntryBytes;
  std::ranges::fill(record.subspan(at + 5, 3), std::byte{0xFF});
  store_le(&record[at + 12], sectors);
}

bool is_volume_boot_sector(Bytes sector) {
  const ByteReader reader(sector);
  return reader.equals(3, "NTFS    ") || reader.equals(3, "EXFAT   ") ||
         reader.equals(3, "-FVE-FS-") || has_fat_parameters(reader);
}

}  // namespace drydock::disk
