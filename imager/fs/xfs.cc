#include "fs/xfs.h"

#include "base/checked.h"
#include "base/text.h"
#include "fs/read.h"

namespace drydock::fs {

Result<std::optional<VolumeInfo>> probe_xfs(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 0, 512), "the XFS superblock"));
  const ByteReader f(bytes);
  if (!f.equals(0, "XFSB")) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "XFS";
  info.label = printable(f.text(108, 12));
  info.uuid = uuid_text(f.bytes(32, 16));
  info.cluster = f.be32(4);
  const std::uint64_t blocks = f.be64(8);
  const std::uint64_t free = f.be64(144);
  const auto total = checked_mul<std::uint64_t>(blocks, info.cluster);
  if (!total || free > blocks) return info;
  info.total = *total;
  info.free = free * info.cluster;
  info.used = info.total - info.free;
  return info;
}

}  // namespace drydock::fs
