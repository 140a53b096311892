#include "fs/xfs_inode.h"

#include <algorithm>
#include <format>

namespace drydock::fs {

XfsExtent XfsExtent::decode(Bytes record) {
  const ByteReader f(record);
  const std::uint64_t high = f.be64(0);
  const std::uint64_t low = f.be64(8);
  return {.unwritten = high >> 63 != 0,
          .place = (high & ~(std::uint64_t{1} << 63)) >> 9,
          .first = (high & 0x1FF) << 43 | low >> 21,
          .count = low & 0x1FFFFF};
}

std::unexpected<Error> XfsInode::damaged(std::string_view what) const {
  return fail(doubt(std::format("inode {} is damaged ({})", number, what)));
}

Result<void> XfsInode::check(const XfsSuper& super) const {
  if (!fields.equals(0, "IN")) return damaged("magic number");
  if (super.is_v5() != is_v3() || fields.u8(4) == 0 || fields.u8(4) > 3) return damaged("version");
  if (is_v3()) {
    if (!xfs_checksum_matches(bytes, 100)) return damaged("checksum");
    if (fields.be64(152) != number) return damaged("number");
    if (!std::ranges::equal(fields.bytes(160, 16), super.meta_uuid))
      return damaged("of another filesystem");
  }
  if (data_end() > bytes.size()) return damaged("fork offset");
  return {};
}

XfsFork XfsInode::data(const XfsSuper& super) const {
  return {.format = fields.u8(5),
          .bytes = bytes.subspan(core_bytes(), data_end() - core_bytes()),
          .extents = has_wide_counts() ? fields.be64(24) : fields.be32(76),
          .elsewhere = is_realtime() && super.realtime_blocks != 0};
}

XfsFork XfsInode::attributes() const {
  return {.format = fields.u8(83),
          .bytes = bytes.subspan(data_end()),
          .extents = has_wide_counts() ? fields.be32(76) : fields.be16(80)};
}

Result<XfsTree::Root> XfsInode::tree_root(const XfsFork& fork) const {
  const ByteReader f(fork.bytes);
  const unsigned levels = f.be16(0);
  const std::size_t count = f.be16(2);
  const std::size_t most = fork.bytes.size() < 4 ? 0 : (fork.bytes.size() - 4) / 16;
  if (levels == 0 || levels > XfsTree::kMostLevels || count == 0 || count > most)
    return damaged("root of its extent tree");
  XfsTree::Root root{{}, levels, number};
  for (std::size_t i = 0; i < count; ++i) root.blocks.push_back(f.be64(4 + most * 8 + i * 8));
  return root;
}

}  // namespace drydock::fs
