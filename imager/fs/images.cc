#include "fs/images.h"

#include "base/text.h"
#include "fs/read.h"

namespace drydock::fs {

Result<std::optional<VolumeInfo>> probe_squashfs(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 0, 96), "the SquashFS superblock"));
  const ByteReader f(bytes);
  if (!f.equals(0, "hsqs") && !f.equals(0, "sqsh")) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "SquashFS";
  info.state = VolumeState::clean;
  if (!f.equals(0, "hsqs") || f.le16(28) < 4) return info;
  info.cluster = f.le32(12);
  info.total = info.used = f.le64(40);
  return info;
}

Result<std::optional<VolumeInfo>> probe_erofs(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 1024, 128), "the EROFS superblock"));
  const ByteReader f(bytes);
  if (f.le32(0) != 0xE0F5E1E2) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "EROFS";
  info.state = VolumeState::clean;
  info.uuid = all_zero(f.bytes(48, 16)) ? "" : uuid_text(f.bytes(48, 16));
  info.label = printable(f.text(64, 16));
  const unsigned shift = f.u8(12);
  if (shift < 9 || shift > 16) return info;
  info.cluster = 1u << shift;
  info.total = info.used = std::uint64_t{f.le32(36)} << shift;
  return info;
}

Result<std::optional<VolumeInfo>> probe_cramfs(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 0, 64), "the cramfs superblock"));
  const ByteReader f(bytes);
  if (f.le32(0) != 0x28CD3D45 || !f.equals(16, "Compressed ROMFS")) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "cramfs";
  info.state = VolumeState::clean;
  info.label = printable(f.text(48, 16));
  info.total = info.used = f.le32(4);
  return info;
}

}  // namespace drydock::fs
