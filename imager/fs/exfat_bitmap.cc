#include "fs/exfat_bitmap.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "base/units.h"

namespace drydock::fs {
namespace {

constexpr std::uint64_t kPiece = kMiB;

}  // namespace

Result<void> each_bitmap_piece(
    const io::BlockSource& volume, const ExfatBoot& boot, Window& fat, const ExfatEntry& bitmap,
    const std::function<void(Bytes bits, std::uint64_t first, std::uint64_t count)>& visit) {
  const std::uint64_t bytes = div_ceil<std::uint64_t>(boot.clusters, 8);
  if (bitmap.length < bytes)
    return fail(doubt(std::format("its bitmap has {} bytes but its {} clusters need {}",
                                  bitmap.length, boot.clusters, bytes)));
  ExfatChain chain(boot, fat, bitmap.first_cluster, bytes, false);
  std::uint32_t next = TRY(chain.next());
  for (std::uint64_t done = 0; done < bytes;) {
    const std::uint32_t first = next;
    std::uint64_t clusters = 1;
    while ((next = TRY(chain.next())) == first + clusters) ++clusters;
    const std::uint64_t end = std::min(bytes, done + clusters * boot.cluster_bytes);
    for (std::uint64_t at = boot.cluster_offset(first); done < end;) {
      const std::uint64_t length = std::min(kPiece, end - done);
      const auto piece = TRY(naming(io::read_bytes(volume, at, length), "the bitmap"));
      visit(piece, 2 + done * 8, std::min(length * 8, boot.clusters - done * 8));
      done += length;
      at += length;
    }
  }
  return {};
}

}  // namespace drydock::fs
