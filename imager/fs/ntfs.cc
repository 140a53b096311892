#include "fs/ntfs.h"

#include <format>

#include "fs/read.h"

namespace drydock::fs {

Result<std::optional<VolumeInfo>> probe_ntfs(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 0, 512), "the boot sector"));
  const ByteReader f(bytes);
  if (!f.equals(3, "NTFS    ") || f.le16(510) != 0xAA55) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "NTFS";
  info.uuid = std::format("{:016X}", f.le64(0x48));
  const std::uint32_t sector = f.le16(0x0B);
  const std::uint8_t per_cluster = f.u8(0x0D);
  // Above 128 the byte is a negative power of two.
  const unsigned shift = 256u - per_cluster;
  if (per_cluster <= 0x80)
    info.cluster = sector * per_cluster;
  else if (shift < 13)
    info.cluster = sector << shift;
  if (f.le64(0x28) <= UINT64_MAX / 65536) info.total = f.le64(0x28) * sector;
  return info;
}

}  // namespace drydock::fs
