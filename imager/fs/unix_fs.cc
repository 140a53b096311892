#include "fs/unix_fs.h"

#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

bool is_uberblock(const ByteReader& f, std::size_t at) {
  constexpr std::uint64_t kMagic = 0x00BAB10C;
  return f.le64(at) == kMagic || f.be64(at) == kMagic;
}

}  // namespace

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
