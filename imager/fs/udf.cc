#include "fs/udf.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "base/units.h"
#include "fs/optical.h"
#include "fs/read.h"
#include "fs/udf_tree.h"
#include "fs/udf_volume.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

constexpr std::uint64_t kBitmapHead = 24;  // of a space bitmap descriptor (ECMA-167 4/14.12)

struct Space {
  ExtentMap in_use;
  std::uint64_t free = 0;
};

// A set bit is a free block.
Result<Space> read_bitmap(const io::BlockSource& volume, const UdfVolume& udf) {
  const std::uint64_t at = udf.bytes_of(udf.partition_at + udf.bitmap_at);
  const std::uint64_t needed = kBitmapHead + div_ceil<std::uint64_t>(udf.partition_blocks, 8);
  const auto head = TRY(naming(read_padded(volume, at, kBitmapHead), "the bitmap of free space"));
  const ByteReader f(head);
  if (!is_udf(head, UdfTag::space_bitmap, udf.bitmap_at, false) ||
      f.le32(16) != udf.partition_blocks || udf.bitmap_bytes < needed ||
      udf.bitmap_at >= udf.partition_blocks ||
      udf.bitmap_bytes > udf.bytes_of(udf.partition_blocks - udf.bitmap_at))
    return fail(doubt("the bitmap of its free space is damaged"));

  constexpr std::size_t kPiece = 64 * kKiB;
  constexpr std::uint64_t kPieceBits = std::uint64_t{kPiece} * 8;
  UsedMap map(volume.geometry().bytes);
  Space space;
  for (std::uint64_t bit = 0; bit < udf.partition_blocks; bit += kPieceBits) {
    const std::uint64_t bits = std::min<std::uint64_t>(kPieceBits, udf.partition_blocks - bit);
    auto bytes = TRY(naming(read_padded(volume, at + kBitmapHead + bit / 8, kPiece),
                            "the bitmap of free space"));
    for (std::byte& byte : bytes) byte = ~byte;
    space.free +=
        bits - map.keep_bits(bytes, bits, udf.bytes_of(udf.partition_at + bit), udf.block_bytes);
  }
  space.in_use = std::move(map).take();
  return space;
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_udf(const io::BlockSource& volume) {
  const OpticalKind kind = TRY(optical_kind(volume));
  if (!kind.udf || kind.iso) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "UDF";
  TRY(add_udf(volume, info));
  return info;
}

Result<ExtentMap> used_udf(const io::BlockSource& volume) {
  const auto udf = TRY(UdfVolume::read(volume));
  if (!udf) return fail(doubt("it has no anchor in block 256"));
  const std::uint64_t volume_bytes = volume.geometry().bytes;
  TRY(udf->check(volume_bytes));
  const Space space = TRY(read_bitmap(volume, *udf));
  if (space.free != udf->free_blocks)
    return fail(
        doubt(std::format("its integrity descriptor counts {} free blocks but its bitmap "
                          "has {}",
                          udf->free_blocks, space.free)));
  const std::uint64_t bitmap = udf->bytes_of(udf->partition_at + udf->bitmap_at);
  if (!space.in_use.contains({bitmap, udf->bitmap_bytes}))
    return fail(doubt("its bitmap calls itself free"));
  TRY(UdfTree(volume, *udf, space.in_use).check());

  // Recognition area, descriptors and anchors, of which the last are at the end of the volume.
  UsedMap outside(volume_bytes);
  outside.keep(0, udf->bytes_of(udf->partition_at));
  for (const Extent& extent : udf->descriptors) outside.keep(extent.offset, extent.length);
  const std::uint64_t end = udf->bytes_of(udf->partition_at + udf->partition_blocks);
  outside.keep(end, volume_bytes - end);
  const std::uint64_t blocks = volume_bytes / udf->block_bytes;
  for (const std::uint64_t back : {1, 257})
    if (blocks > back) outside.keep(udf->bytes_of(blocks - back), udf->block_bytes);
  return space.in_use.united(std::move(outside).take());
}

}  // namespace drydock::fs
