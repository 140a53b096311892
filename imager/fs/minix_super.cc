#include "fs/minix_super.h"

#include <format>

#include "fs/read.h"

namespace drydock::fs {
namespace {

enum State : std::uint16_t { kValid = 1, kError = 2 };

MinixSuper decode_3(const ByteReader& f) {
  MinixSuper super;
  super.version = 3;
  super.inodes = f.le32(0);
  super.inode_map_blocks = f.le16(6);
  super.zone_map_blocks = f.le16(8);
  super.first_data = f.le16(10);
  super.log_zone = f.le16(12);
  super.must_know = f.le16(14) & 0xFF00u;
  super.zones = f.le32(20);
  super.block_bytes = f.le16(28);
  return super;
}

MinixSuper decode_1_or_2(const ByteReader& f, unsigned version) {
  MinixSuper super;
  super.version = version;
  super.inodes = f.le16(0);
  super.inode_map_blocks = f.le16(4);
  super.zone_map_blocks = f.le16(6);
  super.first_data = f.le16(8);
  super.log_zone = f.le16(10);
  super.zones = version == 1 ? f.le16(2) : f.le32(20);
  super.clean = (f.le16(18) & kValid) != 0;
  super.errors = (f.le16(18) & kError) != 0;
  return super;
}

}  // namespace

Result<std::optional<MinixSuper>> MinixSuper::read(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 1024, 64), "the Minix superblock"));
  const ByteReader f(bytes);
  const std::uint16_t magic = f.le16(16);
  std::optional<MinixSuper> super;
  if (f.le16(24) == 0x4D5A)
    super = decode_3(f);
  else if (magic == 0x137F || magic == 0x138F)
    super = decode_1_or_2(f, 1);
  else if (magic == 0x2468 || magic == 0x2478)
    super = decode_1_or_2(f, 2);
  if (!super) return std::nullopt;
  const bool fits = super->block_bytes >= 1024 && super->block_bytes % 1024 == 0 &&
                    super->inodes != 0 && super->zones != 0 && super->inode_map_blocks != 0 &&
                    super->zone_map_blocks != 0 && super->log_zone < 16;
  if (!fits) return std::nullopt;
  return super;
}

Result<void> MinixSuper::check(std::uint64_t volume_bytes) const {
  if (log_zone != 0)
    return fail(
        doubt(std::format("it has zones of 2^{} blocks, which Drydock does not know", log_zone)));
  if (must_know != 0)
    return fail(doubt(std::format("it has flags that Drydock does not know ({:#x})", must_know)));
  if (zones > volume_bytes / block_bytes)
    return fail(
        doubt(std::format("it says that it has {} blocks of {} bytes, more than the volume "
                          "of {} bytes can hold",
                          zones, block_bytes, volume_bytes)));
  const bool maps_fit = inode_map_blocks * bits_per_block() >= inode_bits() && zones > first_data &&
                        zone_map_blocks * bits_per_block() >= zone_bits();
  if (!maps_fit || first_data < inodes_at() + inode_blocks())
    return fail(doubt("the sizes in its superblock contradict each other"));
  if (errors) return fail(doubt("it has recorded errors"));
  if (!clean)
    return fail(doubt("it was not unmounted cleanly, so its free maps may be out of date"));
  return {};
}

}  // namespace drydock::fs
