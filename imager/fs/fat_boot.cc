#include "fs/fat_boot.h"

#include <bit>
#include <format>

#include "base/checked.h"
#include "base/text.h"
#include "fs/read.h"
#include "fs/trust.h"

namespace drydock::fs {
namespace {

bool plausible(const ByteReader& f, const FatBoot& boot) {
  // Sector sizes below 512 exist on no PC; the signature is missing on disks formatted by the
  // oldest systems only, which wrote the type's name instead.
  const bool signed_sector = f.le16(510) == 0xAA55;
  const bool named =
      f.equals(54, "FAT12   ") || f.equals(54, "FAT16   ") || f.equals(82, "FAT32   ");
  const std::uint8_t media = f.u8(21);
  const std::uint8_t jump = f.u8(0);
  return (signed_sector || named) && (jump == 0xEB || jump == 0xE9 || (jump == 0 && named)) &&
         std::has_single_bit(boot.sector_bytes) && boot.sector_bytes >= 512 &&
         boot.sector_bytes <= 4096 && std::has_single_bit(boot.cluster_sectors) &&
         boot.reserved_sectors >= 1 && boot.fats >= 1 && boot.fats <= 4 && boot.fat_sectors != 0 &&
         boot.sectors != 0 && (media == 0xF0 || media >= 0xF8);
}

void decode_fat32(const ByteReader& f, FatBoot& boot) {
  boot.mirroring = f.le16(40);
  boot.version = f.le16(42);
  boot.root_cluster = f.le32(44);
  boot.info_sector = f.le16(48);
}

// The extended fields: at 36 for FAT12 and FAT16, at 64 for FAT32.
void decode_extension(const ByteReader& f, std::size_t at, FatBoot& boot) {
  boot.state_byte = f.u8(at + 1);
  const std::uint8_t signature = f.u8(at + 2);
  if (signature != 0x29 && signature != 0x28) return;
  boot.serial = f.le32(at + 3);
  if (signature != 0x29) return;
  boot.label = printable(f.text(at + 7, 11));
  if (boot.label == "NO NAME") boot.label.clear();
  boot.kind_text = f.text(at + 18, 8);
}

}  // namespace

std::optional<FatBoot> FatBoot::decode(Bytes sector) {
  const ByteReader f(sector);
  FatBoot boot;
  boot.sector_bytes = f.le16(11);
  boot.cluster_sectors = f.u8(13);
  boot.reserved_sectors = f.le16(14);
  boot.fats = f.u8(16);
  boot.root_entries = f.le16(17);
  boot.sectors = f.le16(19) != 0 ? f.le16(19) : f.le32(32);
  const std::uint16_t narrow_fat = f.le16(22);
  boot.fat_sectors = narrow_fat != 0 ? narrow_fat : f.le32(36);
  if (!f.ok() || !plausible(f, boot)) return std::nullopt;
  if (boot.data_sector() >= boot.sectors) return std::nullopt;
  boot.clusters = (boot.sectors - boot.data_sector()) / boot.cluster_sectors;

  // The specification tells the kinds apart by the cluster count alone. Formatting programs make
  // small FAT32 volumes too, and every system recognises those by the 16-bit FAT size being zero.
  boot.kind = narrow_fat == 0 ? Kind::fat32 : boot.clusters < 4085 ? Kind::fat12 : Kind::fat16;
  if (boot.kind == Kind::fat32) {
    if (boot.root_entries != 0) return std::nullopt;
    decode_fat32(f, boot);
  } else if (boot.root_entries == 0) {
    return std::nullopt;
  }
  decode_extension(f, boot.kind == Kind::fat32 ? 64 : 36, boot);
  return boot;
}

Result<void> FatBoot::check_sizes(std::uint64_t volume_bytes) const {
  TRY(must_fit(sectors, "sectors", sector_bytes, volume_bytes));
  if (clusters == 0) return fail(doubt("it has no clusters"));
  if (kind != Kind::fat32 && clusters >= 65525)
    return fail(doubt(std::format("{} clusters are too many for the FAT that it has", clusters)));
  if (fat_bytes() * 8 / static_cast<std::uint64_t>(kind) < clusters + 2)
    return fail(doubt(std::format("its FAT is too small for {} clusters", clusters)));
  if (kind != Kind::fat32) return {};
  if (clusters > 0x0FFFFFF5) return fail(doubt("it has more clusters than FAT32 can have"));
  if (version != 0) return fail(doubt(std::format("its FAT32 version {} is unknown", version)));
  if (current_fat() >= fats)
    return fail(doubt(std::format("it uses FAT {} of {}", current_fat() + 1, fats)));
  return {};
}

std::uint64_t FatBoot::root_sectors() const {
  return div_ceil<std::uint64_t>(std::uint64_t{root_entries} * 32, sector_bytes);
}

std::uint64_t FatBoot::data_sector() const {
  return reserved_sectors + std::uint64_t{fats} * fat_sectors + root_sectors();
}

std::string_view FatBoot::name() const {
  switch (kind) {
    case Kind::fat12:
      return "FAT12";
    case Kind::fat16:
      return "FAT16";
    case Kind::fat32:
      return "FAT32";
  }
  return "FAT";
}

}  // namespace drydock::fs
