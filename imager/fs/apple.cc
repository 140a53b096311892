#include "fs/apple.h"

#include "base/text.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

// The volume header of HFS Plus and HFSX (Apple Technical Note TN1150).
std::optional<VolumeInfo> decode_hfs_plus(const ByteReader& f) {
  const bool plus = f.equals(0, "H+") && f.be16(2) == 4;
  const bool extended = f.equals(0, "HX") && f.be16(2) == 5;
  if (!plus && !extended) return std::nullopt;
  VolumeInfo info;
  info.filesystem = plus ? "HFS+" : "HFSX";
  const std::uint32_t attributes = f.be32(4);
  constexpr std::uint32_t kUnmounted = 0x100;
  constexpr std::uint32_t kInconsistent = 0x800;
  info.state = (attributes & kInconsistent) != 0 ? VolumeState::needs_check
               : (attributes & kUnmounted) != 0  ? VolumeState::clean
                                                 : VolumeState::dirty;
  info.uuid = all_zero(f.bytes(104, 8)) ? "" : hex(f.bytes(104, 8));
  info.cluster = f.be32(40);
  if (f.be32(48) > f.be32(44)) return info;
  info.total = std::uint64_t{f.be32(44)} * info.cluster;
  info.free = std::uint64_t{f.be32(48)} * info.cluster;
  info.used = info.total - info.free;
  return info;
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_hfs(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 1024, 512), "the HFS volume header"));
  const ByteReader f(bytes);
  if (auto plus = decode_hfs_plus(f)) return plus;
  // A master directory block of plain HFS, whose blocks may wrap an HFS Plus volume.
  const std::uint32_t block = f.be32(20);
  if (!f.equals(0, "BD") || block == 0 || block % 512 != 0) return std::nullopt;
  if (f.equals(124, "H+") || f.equals(124, "HX")) {
    const std::uint64_t start =
        f.be16(28) * std::uint64_t{512} + std::uint64_t{f.be16(126)} * block;
    const auto inner = TRY(naming(read_padded(volume, start + 1024, 512), "the HFS volume header"));
    if (auto wrapped = decode_hfs_plus(ByteReader(inner))) return wrapped;
  }
  VolumeInfo info;
  info.filesystem = "HFS";
  info.label = printable(f.text(37, f.u8(36) < 28 ? f.u8(36) : 0));
  info.cluster = block;
  info.total = std::uint64_t{f.be16(18)} * block;
  info.free = std::uint64_t{f.be16(34)} * block;
  if (info.free <= info.total) info.used = info.total - info.free;
  info.state = (f.be16(10) & 0x100) != 0 ? VolumeState::clean : VolumeState::needs_check;
  return info;
}

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
