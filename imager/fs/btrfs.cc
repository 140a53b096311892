#include "fs/btrfs.h"

#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {

Result<std::optional<VolumeInfo>> probe_btrfs(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 64 * kKiB, 4096), "the Btrfs superblock"));
  const ByteReader f(bytes);
  if (!f.equals(0x40, "_BHRfS_M")) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "Btrfs";
  info.label = printable(f.text(0x12B, 256));
  info.uuid = uuid_text(f.bytes(0x20, 16));
  info.cluster = f.le32(0x90);
  info.total = f.le64(0x70);  // of all devices
  info.used = f.le64(0x78);
  if (info.used <= info.total) info.free = info.total - info.used;
  return info;
}

}  // namespace drydock::fs
