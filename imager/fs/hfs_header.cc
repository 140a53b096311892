#include "fs/hfs_header.h"

#include <bit>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"
#include "fs/trust.h"

namespace drydock::fs {
namespace {

constexpr std::uint32_t kKnownAttributes = 1u << 7 |   // locked by hardware
                                           1u << 8 |   // unmounted
                                           1u << 9 |   // bad blocks spared
                                           1u << 10 |  // needs no cache
                                           1u << 11 |  // boot volume inconsistent
                                           1u << 12 |  // catalog node IDs reused
                                           1u << 13 |  // journaled
                                           1u << 14 |  // inconsistent
                                           1u << 15 |  // locked by software
                                           1u << 29 |  // expanded times
                                           1u << 30 |  // content protection
                                           1u << 31;   // unused nodes are zeroed

}  // namespace

HfsExtents decode_extents(Bytes bytes) {
  const ByteReader f(bytes);
  HfsExtents extents;
  for (std::size_t i = 0; i < extents.size(); ++i) extents[i] = {f.be32(i * 8), f.be32(i * 8 + 4)};
  return extents;
}

std::uint64_t blocks_in(const HfsExtents& extents) {
  std::uint64_t blocks = 0;
  for (const HfsExtent& extent : extents) blocks += extent.count;
  return blocks;
}

HfsFork HfsFork::decode(Bytes bytes) {
  const ByteReader f(bytes);
  return {f.be64(0), f.be32(12), decode_extents(f.bytes(16, 64))};
}

std::optional<HfsHeader> HfsHeader::decode(Bytes bytes) {
  const ByteReader f(bytes);
  HfsHeader header;
  header.extended = f.equals(0, "HX");
  if (f.size() < kBytes || !(header.extended || f.equals(0, "H+"))) return std::nullopt;
  header.version = f.be16(2);
  header.attributes = f.be32(4);
  header.journal_info_block = f.be32(12);
  header.block_bytes = f.be32(40);
  header.blocks = f.be32(44);
  header.free_blocks = f.be32(48);
  if (!all_zero(f.bytes(104, 8))) header.id = hex(f.bytes(104, 8));
  const auto fork = [&](std::size_t at) { return HfsFork::decode(f.bytes(at, HfsFork::kBytes)); };
  header.allocation = fork(112);
  header.extents = fork(192);
  header.catalog = fork(272);
  header.attribute_file = fork(352);
  header.startup = fork(432);
  // The signature is two letters: the version belongs to it.
  if (header.version != 4 && header.version != 5) return std::nullopt;
  return header;
}

Result<void> HfsHeader::check(std::uint64_t volume_bytes) const {
  if (version != (extended ? 5 : 4))
    return fail(doubt(std::format("its version {} is unknown", version)));
  if (const std::uint32_t unknown = attributes & ~kKnownAttributes; unknown != 0)
    return fail(
        doubt(std::format("it has attributes that Drydock does not know (0x{:x})", unknown)));
  TRY(check_blocks());
  if (blocks == 0 || free_blocks > blocks)
    return fail(doubt(std::format("it counts {} free blocks of {}", free_blocks, blocks)));
  TRY(must_fit(blocks, "blocks", block_bytes, volume_bytes));
  if (has(kInconsistent) || has(kBootInconsistent))
    return fail(doubt("the system that used it found it inconsistent; it needs a check"));
  // With a journal too: its header may say that it is empty while transactions lie behind its end.
  if (!has(kUnmounted))
    return fail(doubt("it was not unmounted cleanly, so its allocation file may be out of date"));
  return {};
}

Result<void> HfsHeader::check_blocks() const {
  if (std::has_single_bit(block_bytes) && block_bytes >= 512 && block_bytes <= kGiB) return {};
  return fail(doubt(std::format("blocks of {} bytes are impossible", block_bytes)));
}

std::optional<HfsMaster> HfsMaster::decode(Bytes bytes) {
  const ByteReader f(bytes);
  HfsMaster master;
  master.block_bytes = f.be32(20);
  if (!f.equals(0, "BD") || master.block_bytes == 0 || master.block_bytes % 512 != 0)
    return std::nullopt;
  master.attributes = f.be16(10);
  master.blocks = f.be16(18);
  master.free_blocks = f.be16(34);
  master.label = printable(f.text(37, f.u8(36) < 28 ? f.u8(36) : 0));
  if (f.equals(124, "H+") || f.equals(124, "HX")) {
    const std::uint64_t first = f.be16(28) * std::uint64_t{512};
    master.embedded = Extent{first + std::uint64_t{f.be16(126)} * master.block_bytes,
                             std::uint64_t{f.be16(128)} * master.block_bytes};
  }
  return master;
}

}  // namespace drydock::fs
