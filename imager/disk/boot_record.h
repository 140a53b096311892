#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace drydock::disk {

inline constexpr std::size_t kBootRecordBytes = 512;

// One of the four entries of a boot record (UEFI 2.10 §5.2.1, table 5.2). Sectors are logical ones
// of the disk. The cylinder/head/sector fields are not read: no system has trusted them for
// decades.
struct BootEntry {
  std::uint8_t flag = 0;  // 0x80: active, 0: not; anything else is not a partition entry
  std::uint8_t type = 0;
  std::uint32_t first = 0;  // counted from where the record says: see mbr.h
  std::uint32_t sectors = 0;

  bool empty() const { return sectors == 0; }
  bool active() const { return flag == 0x80; }
  bool extended() const { return type == 0x05 || type == 0x0F || type == 0x85; }
  bool protects_gpt() const { return type == 0xEE; }
};

// A master or extended boot record: the first 512 bytes of its sector.
struct BootRecord {
  std::uint32_t signature = 0;  // of the disk; 0: none
  std::array<BootEntry, 4> entries;

  // True when every entry has a flag that partition tables use: boot code and text do not.
  bool flags_plausible() const;
  bool announces_gpt() const;
  bool empty() const;
};

// Nothing when the bytes do not end in 55 AA.
std::optional<BootRecord> parse_boot_record(Bytes sector);

// Sets the length of an entry in a boot record and marks its end as beyond what cylinders, heads
// and sectors can express.
void put_boot_entry_sectors(MutableBytes record, std::size_t slot, std::uint32_t sectors);

// True when the sector is the start of a FAT, exFAT, NTFS or BitLocker volume. Such a sector ends
// in 55 AA, too, and has boot code or text where a boot record has its entries.
bool is_volume_boot_sector(Bytes sector);

}  // namespace drydock::disk
