#include "fs/apple.h"

#include "base/text.h"
#include "fs/read.h"

namespace drydock::fs {
Result<std::optional<VolumeInfo>> probe_apfs(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 0, 512), "the APFS container superblock"));
  const ByteReader f(bytes);
  if (!f.equals(32, "NXSB")) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "APFS";
  info.uuid = uuid_text(f.bytes(72, 16));
  const std::uint32_t block = f.le32(36);
  if (block < 4096 || block > 65536) return info;
  info.cluster = block;
  if (f.le64(40) <= UINT64_MAX / 65536) info.total = f.le64(40) * block;
  return info;
}

}  // namespace drydock::fs
