#include "fs/exfat_volume.h"

#include <format>

#include "fs/trust.h"

namespace drydock::fs {

std::optional<ExfatBoot> ExfatBoot::decode(Bytes sector) {
  const ByteReader f(sector);
  if (!f.equals(3, "EXFAT   ") || f.le16(510) != 0xAA55) return std::nullopt;
  ExfatBoot boot;
  const unsigned sector_shift = f.u8(108);
  const unsigned cluster_shift = f.u8(109);
  boot.sectors = f.le64(72);
  boot.clusters = f.le32(92);
  boot.root_cluster = f.le32(96);
  boot.serial = f.le32(100);
  boot.revision = f.le16(104);
  boot.flags = f.le16(106);
  boot.fats = f.u8(110);
  boot.percent_in_use = f.u8(112);
  if (sector_shift < 9 || sector_shift > 12 || cluster_shift > 25 - sector_shift) return boot;
  boot.sector_bytes = 1u << sector_shift;
  boot.cluster_bytes = boot.sector_bytes << cluster_shift;
  boot.fat_offset = std::uint64_t{f.le32(80)} * boot.sector_bytes;
  boot.fat_bytes = std::uint64_t{f.le32(84)} * boot.sector_bytes;
  boot.heap_offset = std::uint64_t{f.le32(88)} * boot.sector_bytes;
  return boot;
}

Result<void> ExfatBoot::check_kind() const {
  if (revision != 0x0100)
    return fail(doubt(
        std::format("its exFAT revision {}.{:02} is unknown", revision >> 8, revision & 0xFF)));
  if (fats != 1 || (flags & kSecondFat) != 0)
    return fail(doubt("it has two FATs and bitmaps (TexFAT), which Drydock does not know"));
  return {};
}

Result<void> ExfatBoot::check(std::uint64_t volume_bytes) const {
  TRY(check_kind());
  if ((flags & ~kKnownFlags) != 0)
    return fail(doubt(std::format("it has flags that Drydock does not know (0x{:x})", flags)));
  TRY(check_sizes(volume_bytes));
  if ((flags & kDirty) != 0)
    return fail(doubt("it was not unmounted cleanly, so its bitmap may be out of date"));
  if ((flags & kMediaFailure) != 0)
    return fail(doubt("the system that used it recorded read or write errors; it needs a check"));
  return {};
}

Result<void> ExfatBoot::check_sizes(std::uint64_t volume_bytes) const {
  const auto damaged = [](std::string_view what) {
    return fail(doubt(std::format("its boot sector is damaged ({})", what)));
  };
  if (sector_bytes == 0) return damaged("sector or cluster size");
  TRY(must_fit(sectors, "sectors", sector_bytes, volume_bytes));
  const std::uint64_t bytes = sectors * sector_bytes;
  if (clusters == 0 || heap_offset > bytes || clusters > (bytes - heap_offset) / cluster_bytes)
    return damaged("cluster count");
  if (fat_offset < std::uint64_t{24} * sector_bytes || fat_offset + fat_bytes > heap_offset ||
      fat_bytes / 4 < clusters + 2)
    return damaged("FAT");
  if (!is_cluster(root_cluster)) return damaged("root folder");
  if (percent_in_use > 100 && percent_in_use != kPercentUnknown)
    return damaged("percentage in use");
  return {};
}

Result<void> check_boot_checksum(const io::BlockSource& volume, const ExfatBoot& boot) {
  const std::size_t sector = boot.sector_bytes;
  const auto region = TRY(naming(io::read_bytes(volume, 0, 12 * sector), "the boot region"));
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < 11 * sector; ++i) {
    // Flags and the percentage in use change without it.
    if (i == 106 || i == 107 || i == 112) continue;
    sum = (sum << 31 | sum >> 1) + std::to_integer<std::uint32_t>(region[i]);
  }
  for (std::size_t at = 11 * sector; at < 12 * sector; at += 4)
    if (load_le<std::uint32_t>(&region[at]) != sum)
      return fail(doubt("its boot region is damaged (checksum)"));
  return {};
}

Result<std::uint32_t> exfat_next(const ExfatBoot& boot, Window& fat, std::uint32_t cluster) {
  const Bytes entry =
      TRY(naming(fat.at(boot.fat_offset + std::uint64_t{cluster} * 4, 4), "the FAT"));
  return load_le<std::uint32_t>(entry.data());
}

Result<std::uint32_t> ExfatChain::next() {
  if (left_ == 0) return 0;
  if (last_ != 0 && contiguous_) {
    next_ = last_ + 1;
  } else if (last_ != 0) {
    next_ = TRY(exfat_next(boot_, fat_, last_));
    if (next_ == kExfatEnd && !must_end_) {
      left_ = 0;
      return 0;
    }
  }
  if (!boot_.is_cluster(next_))
    return fail(doubt(
        std::format("a chain of it leads from cluster {} to {}, which is none", last_, next_)));
  last_ = next_;
  --left_;
  return last_;
}

}  // namespace drydock::fs
