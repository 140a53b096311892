#include "fs/windows_fs.h"

#include <format>

#include "base/text.h"
#include "fs/read.h"

namespace drydock::fs {

Result<std::optional<VolumeInfo>> probe_refs(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 0, 512), "the boot sector"));
  const ByteReader f(bytes);
  if (!f.equals(3, std::string_view("ReFS\0\0\0\0", 8)) || !f.equals(16, "FSRS"))
    return std::nullopt;
  VolumeInfo info;
  info.filesystem = "ReFS";
  const std::uint64_t sectors = f.le64(24);
  const std::uint64_t sector = f.le32(32);
  const std::uint64_t cluster = sector * f.le32(36);
  info.uuid = std::format("{:016X}", f.le64(56));
  if (sector < 512 || sector > 4096 || cluster > 65536 || sectors > UINT64_MAX / 4096) return info;
  info.cluster = static_cast<std::uint32_t>(cluster);
  info.total = sectors * sector;
  return info;
}

Result<std::optional<VolumeInfo>> probe_hpfs(const io::BlockSource& volume) {
  const auto bytes =
      TRY(naming(read_padded(volume, std::uint64_t{16} * 512, 1024), "the HPFS superblock"));
  const ByteReader f(bytes);
  if (f.le32(0) != 0xF995E849 || f.le32(4) != 0xFA53E9C5 || f.le32(512) != 0xF9911849)
    return std::nullopt;
  VolumeInfo info;
  info.filesystem = "HPFS";
  info.cluster = 512;
  info.total = std::uint64_t{f.le32(16)} * 512;
  return info;
}

}  // namespace drydock::fs
