#include "fs/exfat.h"

#include <format>

#include "fs/read.h"

namespace drydock::fs {

Result<std::optional<VolumeInfo>> probe_exfat(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 0, 512), "the boot sector"));
  const ByteReader f(bytes);
  if (!f.equals(3, "EXFAT   ") || f.le16(510) != 0xAA55) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "exFAT";
  info.uuid = std::format("{:04X}-{:04X}", f.le16(102), f.le16(100));
  const unsigned sector_shift = f.u8(108);
  const unsigned cluster_shift = f.u8(109);
  if (sector_shift < 9 || sector_shift > 12 || cluster_shift > 25 - sector_shift) return info;
  info.cluster = 1u << (sector_shift + cluster_shift);
  if (f.le64(72) >> (64 - sector_shift) == 0) info.total = f.le64(72) << sector_shift;
  info.state = (f.le16(106) & 0x6) == 0 ? VolumeState::clean : VolumeState::needs_check;
  return info;
}

}  // namespace drydock::fs
