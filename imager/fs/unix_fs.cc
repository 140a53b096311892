#include "fs/unix_fs.h"

#include <format>

#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::uint32_t kUfs1 = 0x00011954;
constexpr std::uint32_t kUfs2 = 0x19540119;

bool is_uberblock(const ByteReader& f, std::size_t at) {
  constexpr std::uint64_t kMagic = 0x00BAB10C;
  return f.le64(at) == kMagic || f.be64(at) == kMagic;
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_ufs(const io::BlockSource& volume) {
  for (const std::uint64_t at : {64 * kKiB, 8 * kKiB, 256 * kKiB}) {
    const auto bytes = TRY(naming(read_padded(volume, at, 1536), "the UFS superblock"));
    const ByteReader f(bytes);
    const bool big = f.be32(1372) == kUfs1 || f.be32(1372) == kUfs2;
    const std::uint32_t magic = big ? f.be32(1372) : f.le32(1372);
    if (magic != kUfs1 && magic != kUfs2) continue;
    VolumeInfo info;
    info.filesystem = magic == kUfs2 ? "UFS2" : "UFS1";
    const std::uint32_t fragment = big ? f.be32(52) : f.le32(52);
    const std::uint32_t ids[] = {big ? f.be32(144) : f.le32(144), big ? f.be32(148) : f.le32(148)};
    info.uuid = std::format("{:08x}{:08x}", ids[0], ids[1]);
    info.state = f.u8(209) != 0 ? VolumeState::clean : VolumeState::dirty;
    if (magic == kUfs1) return info;
    info.label = printable(f.text(680, 32));
    const std::uint64_t fragments = big ? f.be64(1080) : f.le64(1080);
    if (fragment < 512 || fragment > 65536 || fragments > UINT64_MAX / 65536) return info;
    info.cluster = fragment;
    info.total = fragments * fragment;
    return info;
  }
  return std::nullopt;
}

Result<std::optional<VolumeInfo>> probe_zfs(const io::BlockSource& volume) {
  // Labels of 256 KiB, two in front and two at the end; uberblocks fill the second half of each. A
  // volume formatted as something else keeps those at the end, so they prove nothing.
  for (const std::uint64_t label : {0 * kKiB, 256 * kKiB}) {
    const auto bytes =
        TRY(naming(read_padded(volume, label + 128 * kKiB, 128 * kKiB), "the ZFS label"));
    const ByteReader f(bytes);
    for (std::size_t at = 0; at < 128 * kKiB; at += 1024) {
      if (!is_uberblock(f, at)) continue;
      VolumeInfo info;
      info.filesystem = "ZFS";
      return info;
    }
  }
  return std::nullopt;
}

}  // namespace drydock::fs
