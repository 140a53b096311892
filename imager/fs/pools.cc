#include "fs/pools.h"

#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {

Result<std::optional<VolumeInfo>> probe_bcache(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 4096, 512), "the bcache superblock"));
  const ByteReader f(bytes);
  if (!f.equals(24, "\xc6\x85\x73\xf6\x66\xce\x90\xa9\xd9\x6a\x60\xcf\x80\x3d\xf7\xef"))
    return std::nullopt;
  VolumeInfo info;
  info.filesystem = "bcache";
  info.uuid = uuid_text(f.bytes(40, 16));
  info.label = printable(f.text(72, 32));
  return info;
}

Result<std::optional<VolumeInfo>> probe_bluestore(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 0, 64), "the BlueStore label"));
  const ByteReader f(bytes);
  if (!f.equals(0, "bluestore block device\n")) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "Ceph BlueStore";
  info.uuid = printable(f.text(23, 36));
  return info;
}

Result<std::optional<VolumeInfo>> probe_storage_spaces(const io::BlockSource& volume) {
  for (const std::uint64_t at : {0, 4096}) {
    const auto bytes = TRY(naming(read_padded(volume, at, 512), "the Storage Spaces header"));
    if (!ByteReader(bytes).equals(0, "SPACEDB ")) continue;
    VolumeInfo info;
    info.filesystem = "Storage Spaces";
    return info;
  }
  return std::nullopt;
}

Result<std::optional<VolumeInfo>> probe_vmfs(const io::BlockSource& volume) {
  const auto member = TRY(naming(read_padded(volume, 1 * kMiB, 512), "the VMFS header"));
  const auto inner = TRY(naming(read_padded(volume, 2 * kMiB, 512), "the VMFS header"));
  const bool pool = ByteReader(member).le32(0) == 0xC001D00D;
  const ByteReader f(inner);
  const bool filesystem = f.le32(0) == 0x2FABF15E;
  if (!pool && !filesystem) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "VMFS";
  if (filesystem) info.label = printable(f.text(29, 128));
  return info;
}

Result<std::optional<VolumeInfo>> probe_vdo(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 0, 512), "the VDO header"));
  const ByteReader f(bytes);
  if (!f.equals(0, "dmvdo001")) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "VDO";
  return info;
}

Result<std::optional<VolumeInfo>> probe_stratis(const io::BlockSource& volume) {
  for (const std::uint64_t sector : {1, 9}) {
    const auto bytes = TRY(naming(read_padded(volume, sector * 512, 512), "the Stratis header"));
    if (!ByteReader(bytes).equals(4, "!Stra0tis\x86\xff\x02^\x41rh")) continue;
    VolumeInfo info;
    info.filesystem = "Stratis";
    return info;
  }
  return std::nullopt;
}

}  // namespace drydock::fs
