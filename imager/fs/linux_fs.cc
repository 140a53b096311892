#include "fs/linux_fs.h"

#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

std::string uuid_unless_zero(Bytes bytes) {
  return all_zero(bytes) ? "" : uuid_text(bytes);
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_bcachefs(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 4096, 512), "the bcachefs superblock"));
  const ByteReader f(bytes);
  if (!f.equals(24, "\xc6\x85\x73\xf6\x4e\x1a\x45\xca\x82\x65\xf5\x7f\x48\xba\x6d\x81"))
    return std::nullopt;
  VolumeInfo info;
  info.filesystem = "bcachefs";
  info.uuid = uuid_text(f.bytes(56, 16));
  info.label = printable(f.text(72, 32));
  return info;
}

Result<std::optional<VolumeInfo>> probe_gfs2(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 64 * kKiB, 512), "the GFS2 superblock"));
  const ByteReader f(bytes);
  if (f.be32(0) != 0x01161970 || f.be32(4) != 1) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "GFS2";
  info.cluster = f.be32(36);
  info.label = printable(f.text(160, 64));
  info.uuid = uuid_unless_zero(f.bytes(256, 16));
  return info;
}

Result<std::optional<VolumeInfo>> probe_ocfs2(const io::BlockSource& volume) {
  // The superblock is in block 2, whatever the size of a block is.
  for (const std::uint64_t block : {512, 1024, 2048, 4096}) {
    const auto bytes = TRY(naming(read_padded(volume, 2 * block, 512), "the OCFS2 superblock"));
    const ByteReader f(bytes);
    if (!f.equals(0, "OCFSV2")) continue;
    VolumeInfo info;
    info.filesystem = "OCFS2";
    info.label = printable(f.text(272, 64));
    info.uuid = uuid_text(f.bytes(336, 16));
    return info;
  }
  return std::nullopt;
}

}  // namespace drydock::fs
