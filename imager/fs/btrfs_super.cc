#include "fs/btrfs_super.h"

#include <algorithm>
#include <format>

#include "base/hash.h"
#include "base/secure_hash.h"
#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"
#include "fs/trust.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kChecksumBytes = 32;
constexpr std::size_t kSystemChunks = 0x32B;
constexpr std::size_t kMostSystemChunks = 2048;

// mixed backrefs, default subvolume, mixed groups, LZO, zstd, big metadata, extended references,
// RAID56, skinny metadata, no holes, metadata UUID, RAID1C34, simple quotas. What RAID there is
// shows in the chunks. Not: zoned, extent tree v2, RAID stripe tree, remap tree.
constexpr std::uint64_t kKnownIncompat = 0x1'0FFF;
// free space tree, its validity, verity, block group tree.
constexpr std::uint64_t kKnownRoCompat = 0xF;

struct Named {
  std::uint64_t flag;
  std::string_view name;
};
constexpr Named kRefused[] = {{0x1000, "zoned"},
                              {0x2000, "extent-tree-v2"},
                              {0x4000, "raid-stripe-tree"},
                              {0x2'0000, "remap-tree"}};

std::string name_of_features(std::uint64_t flags) {
  std::string names;
  for (const Named& feature : kRefused) {
    if ((flags & feature.flag) == 0) continue;
    names += (names.empty() ? "" : ", ") + std::string(feature.name);
    flags &= ~feature.flag;
  }
  if (flags != 0) names += std::format("{}{:#x}", names.empty() ? "" : ", ", flags);
  return names;
}

bool is_power_of_two_within(std::uint32_t value, std::uint32_t least, std::uint32_t most) {
  return value >= least && value <= most && (value & (value - 1)) == 0;
}

Result<void> check_features(const BtrfsSuper& super) {
  if (const std::uint64_t unknown = super.incompat & ~kKnownIncompat; unknown != 0)
    return fail(doubt("it uses features that Drydock does not map (incompat: " +
                      name_of_features(unknown) + ")"));
  TRY(only_known(super.ro_compat, kKnownRoCompat, "read-only compatible features"));
  TRY(only_known(super.compat, 0, "compatible features"));
  if ((super.incompat & 1) == 0) return fail(doubt("its references are of a form before 2009"));
  return {};
}

Result<void> check_flags(const BtrfsSuper& super) {
  if ((super.flags & BtrfsSuper::kError) != 0)
    return fail(doubt("the system that used it recorded an error; it needs a check"));
  if ((super.flags >> 32 & 1) != 0)
    return fail(doubt("it is a seed of other volumes, which alone know what is free"));
  if ((super.flags >> 33 & 3) != 0) return fail(doubt("it is a dump of metadata alone"));
  if (const auto other = super.flags & ~std::uint64_t{BtrfsSuper::kWritten | BtrfsSuper::kReloc};
      other != 0)
    return fail(doubt(std::format("its format is being changed (flags {:#x})", other)));
  return {};
}

}  // namespace

std::optional<BtrfsSuper> BtrfsSuper::decode(Bytes bytes) {
  const ByteReader f(bytes);
  if (bytes.size() < kBytes || !f.equals(0x40, "_BHRfS_M")) return std::nullopt;
  BtrfsSuper super;
  std::ranges::copy(bytes.first(kBytes), super.raw.begin());
  super.label = printable(f.text(0x12B, 256));
  super.uuid = uuid_text(f.bytes(0x20, 16));
  super.offset = f.le64(0x30);
  super.flags = f.le64(0x38);
  super.generation = f.le64(0x48);
  super.root = f.le64(0x50);
  super.chunk_root = f.le64(0x58);
  super.log_root = f.le64(0x60);
  super.total_bytes = f.le64(0x70);
  super.bytes_used = f.le64(0x78);
  super.devices = f.le64(0x88);
  super.sector_bytes = f.le32(0x90);
  super.node_bytes = f.le32(0x94);
  super.chunk_root_generation = f.le64(0xA4);
  super.compat = f.le64(0xAC);
  super.ro_compat = f.le64(0xB4);
  super.incompat = f.le64(0xBC);
  super.checksum_type = f.le16(0xC4);
  super.root_level = f.u8(0xC6);
  super.chunk_root_level = f.u8(0xC7);
  super.log_root_level = f.u8(0xC8);
  super.device = f.le64(0xC9);
  super.device_bytes = f.le64(0xD1);
  super.device_used = f.le64(0xD9);
  std::ranges::copy(f.bytes(0x10B, 16), super.device_uuid.begin());
  std::ranges::copy(f.bytes(super.has(kMetadataUuid) ? 0x23B : 0x20, 16), super.node_uuid.begin());
  return super;
}

Result<void> BtrfsSuper::check(std::uint64_t volume_bytes) const {
  if (checksum_type > 3)
    return fail(doubt(std::format("its checksums are of an unknown type ({})", checksum_type)));
  if (!checksum_matches()) return fail(doubt("its superblock is damaged (checksum)"));
  if (offset != kOffsets[0]) return fail(doubt("its superblock is not the first"));
  TRY(check_features(*this));
  TRY(check_flags(*this));
  if (devices != 1)
    return fail(doubt(std::format("it is one of {} devices that make up the filesystem", devices)));
  if (device == 0) return fail(doubt("it is the target of a device replacement"));
  constexpr std::uint32_t k64 = 64 * 1024;
  if (!is_power_of_two_within(sector_bytes, 4096, k64) ||
      !is_power_of_two_within(node_bytes, sector_bytes, k64))
    return fail(doubt(
        std::format("its blocks of {} and {} bytes are impossible", sector_bytes, node_bytes)));
  if (device_bytes > volume_bytes)
    return fail(doubt(std::format("it says that it has {} bytes, more than the volume ({})",
                                  device_bytes, volume_bytes)));
  if (device_bytes < kMiB || device_used > device_bytes ||
      total_bytes / sector_bytes != device_bytes / sector_bytes)
    return fail(doubt(std::format("its sizes disagree ({} bytes in all, {} on its only device)",
                                  total_bytes, device_bytes)));
  if (system_chunks().empty()) return fail(doubt("its superblock names no chunks"));
  return {};
}

bool BtrfsSuper::checksum_matches(Bytes block) const {
  const Bytes stored = block.first(kChecksumBytes);
  const Bytes body = block.subspan(kChecksumBytes);
  switch (checksum_type) {
    case 0:
      return load_le<std::uint32_t>(stored.data()) == ~crc32c_raw(0xFFFFFFFF, body);
    case 1:
      return load_le<std::uint64_t>(stored.data()) == xxh64(body);
    case 2:
      return std::ranges::equal(stored, sha256(body));
    case 3:
      return std::ranges::equal(stored, blake2b_256(body));
    default:
      return false;
  }
}

Bytes BtrfsSuper::system_chunks() const {
  const std::uint32_t length = ByteReader(raw).le32(0xA0);
  if (length > kMostSystemChunks) return {};
  return Bytes(raw).subspan(kSystemChunks, length);
}

}  // namespace drydock::fs
