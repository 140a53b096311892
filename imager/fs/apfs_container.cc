#include "fs/apfs_container.h"

#include <algorithm>
#include <bit>
#include <format>

#include "base/checked.h"
#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"
#include "fs/trust.h"

namespace drydock::fs {
namespace {

constexpr std::uint64_t kKnownContainerFeatures = 0x1 |  // defragmentation
                                                  0x2;   // low-capacity fusion drive
constexpr std::uint64_t kKnownContainerFlags = 0x7;      // two reserved ones, software encryption
constexpr std::uint32_t kNotContiguous = 1u << 31;

// Real ones have some hundred blocks.
constexpr std::uint32_t kMostDescriptors = 1u << 16;
constexpr std::uint64_t kMostEphemeralBytes = 8 * kMiB;
constexpr std::size_t kMostMappings = std::size_t{1} << 18;

}  // namespace

std::optional<ApfsSuper> ApfsSuper::decode(Bytes block) {
  const ByteReader f(block);
  if (f.size() < 4096 || !f.equals(0x20, "NXSB")) return std::nullopt;
  const auto range = [&](std::size_t at) { return Extent{f.le64(at), f.le64(at + 8)}; };
  ApfsSuper super;
  super.xid = f.le64(0x10);
  super.block_bytes = f.le32(0x24);
  super.blocks = f.le64(0x28);
  super.features = f.le64(0x30);
  super.ro_compat = f.le64(0x38);
  super.incompat = f.le64(0x40);
  super.uuid = uuid_text(f.bytes(0x48, 16));
  super.descriptor_blocks = f.le32(0x68);
  super.data_blocks = f.le32(0x6C);
  super.descriptor_base = f.le64(0x70);
  super.data_base = f.le64(0x78);
  super.descriptor_index = f.le32(0x88);
  super.descriptor_length = f.le32(0x8C);
  super.space_manager = f.le64(0x98);
  super.object_map = f.le64(0xA0);
  for (std::size_t i = 0; i < kVolumes; ++i)
    if (const std::uint64_t oid = f.le64(0xB8 + 8 * i); oid != 0) super.volumes.push_back(oid);
  super.blocked_out = range(0x4D8);
  super.evict_tree = f.le64(0x4E8);
  super.flags = f.le64(0x4F0);
  super.jumpstart = f.le64(0x4F8);
  super.key_locker = range(0x510);
  super.fusion = !all_zero(f.bytes(0x500, 16)) || f.le64(0x548) != 0 || f.le64(0x550) != 0;
  super.media_key_locker = range(0x570);
  return super;
}

Result<void> ApfsSuper::check(std::uint64_t volume_bytes) const {
  if (!std::has_single_bit(block_bytes) || block_bytes < 4096 || block_bytes > 65536)
    return fail(doubt(std::format("blocks of {} bytes are impossible", block_bytes)));
  TRY(must_fit(blocks, "blocks", block_bytes, volume_bytes));
  if (fusion || (incompat & kFusion) != 0)
    return fail(doubt("it is one of the two parts of a Fusion Drive"));
  TRY(only_known(incompat, kVersion1 | kVersion2, "incompatible features"));
  TRY(only_known(ro_compat, 0, "read-only compatible features"));
  TRY(only_known(features, kKnownContainerFeatures, "compatible features"));
  TRY(only_known(flags, kKnownContainerFlags, "container flags"));
  if (blocked_out.length != 0 || evict_tree != 0)
    return fail(doubt("it was being made smaller when it was last used"));
  if (((descriptor_blocks | data_blocks) & kNotContiguous) != 0)
    return fail(doubt("its checkpoint areas are not contiguous, which Drydock does not know"));
  if (descriptor_blocks == 0 || descriptor_blocks > kMostDescriptors ||
      !inside(descriptor_base, descriptor_blocks) || !inside(data_base, data_blocks))
    return fail(doubt("its checkpoint areas lie outside the container"));
  return {};
}

Result<ApfsContainer> ApfsContainer::open(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 0, 4096), "the container's superblock"));
  auto super = ApfsSuper::decode(bytes);
  if (!super) return fail(doubt("its superblock has gone"));
  TRY(super->check(volume.geometry().bytes));
  ApfsContainer container(volume, std::move(*super));
  constexpr std::uint64_t kSuperblockOid = 1;
  TRY(container.object(0, kSuperblockOid, "the container's superblock"));
  TRY(container.find_latest());
  TRY(container.read_mappings());
  return container;
}

// Every checkpoint leaves a superblock in the descriptor area. Those that were being written when
// power failed have a wrong checksum and are passed over, as the reference tells.
Result<void> ApfsContainer::find_latest() {
  const std::uint64_t clean_xid = super_.xid;
  std::optional<ApfsSuper> latest;
  for (std::uint32_t i = 0; i < super_.descriptor_blocks; ++i) {
    const std::uint64_t at = (super_.descriptor_base + i) * super_.block_bytes;
    const auto bytes = TRY(naming(io::read_bytes(*volume_, at, super_.block_bytes),
                                  std::format("checkpoint descriptor {}", i)));
    auto found = ApfsSuper::decode(bytes);
    if (!found || !apfs_checksum_matches(bytes)) continue;
    if (latest && found->xid <= latest->xid) continue;
    latest = std::move(found);
  }
  if (!latest) return fail(doubt("it has no checkpoint that is whole"));
  if (latest->xid < clean_xid)
    return fail(doubt(std::format("its last checkpoint {} is lost, the latest one found is {}",
                                  clean_xid, latest->xid)));
  if (latest->block_bytes != super_.block_bytes ||
      latest->descriptor_base != super_.descriptor_base ||
      latest->descriptor_blocks != super_.descriptor_blocks || latest->uuid != super_.uuid)
    return fail(doubt("its superblock and its latest checkpoint contradict each other"));
  TRY(latest->check(volume_->geometry().bytes));
  clean_ = latest->xid == clean_xid;
  super_ = std::move(*latest);
  return {};
}

// The checkpoint's blocks are in a ring: maps of the ephemeral objects, then the superblock.
Result<void> ApfsContainer::read_mappings() {
  const std::uint32_t ring = super_.descriptor_blocks;
  const std::uint32_t maps = super_.descriptor_length - 1;
  if (super_.descriptor_index >= ring || super_.descriptor_length < 2 || maps >= ring)
    return fail(doubt("its latest checkpoint has no map"));
  for (std::uint32_t i = 0; i < maps; ++i) {
    const bool last =
        TRY(read_mapping_block(super_.descriptor_base + (super_.descriptor_index + i) % ring));
    if (last != (i + 1 == maps)) return fail(doubt("its latest checkpoint's map is damaged"));
  }
  std::ranges::sort(mappings_, {}, &Mapping::oid);
  return {};
}

Result<bool> ApfsContainer::read_mapping_block(std::uint64_t block) {
  constexpr std::uint32_t kLast = 1;
  constexpr std::size_t kHeader = 40;
  constexpr std::size_t kEntry = 40;
  const auto bytes = TRY(object(block, "the checkpoint's map"));
  const ByteReader f(bytes);
  const ApfsObject header = ApfsObject::decode(bytes);
  const std::uint32_t count = f.le32(36);
  if (header.type != ApfsObject::kCheckpointMap || header.xid != super_.xid ||
      count > (bytes.size() - kHeader) / kEntry)
    return fail(doubt("its latest checkpoint's map is damaged"));
  if (count > kMostMappings - mappings_.size())
    return fail(doubt("its latest checkpoint has too many parts"));
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t at = kHeader + i * kEntry;
    const Mapping mapping{f.le64(at + 24), f.le64(at + 32), f.le32(at + 8)};
    const std::uint64_t blocks = div_ceil<std::uint64_t>(mapping.bytes, super_.block_bytes);
    if (mapping.block < super_.data_base || mapping.block - super_.data_base > super_.data_blocks ||
        blocks > super_.data_blocks - (mapping.block - super_.data_base))
      return fail(doubt("its latest checkpoint lies outside the area for it"));
    mappings_.push_back(mapping);
  }
  return (f.le32(32) & kLast) != 0;
}

Result<std::vector<std::byte>> ApfsContainer::ephemeral(std::uint64_t oid,
                                                        std::string_view what) const {
  const auto found = std::ranges::lower_bound(mappings_, oid, {}, &Mapping::oid);
  if (found == mappings_.end() || found->oid != oid)
    return fail(doubt(std::format("{} is not in the latest checkpoint", what)));
  if (found->bytes < super_.block_bytes || found->bytes > kMostEphemeralBytes)
    return fail(doubt(std::format("{} has {} bytes, which is impossible", what, found->bytes)));
  return read(found->block, found->bytes, oid, what);
}

Result<std::vector<std::byte>> ApfsContainer::read(std::uint64_t block, std::uint64_t bytes,
                                                   std::uint64_t oid, std::string_view what) const {
  if (!super_.inside(block, div_ceil<std::uint64_t>(bytes, super_.block_bytes)))
    return fail(doubt(std::format("{} lies outside the container (block {})", what, block)));
  auto object = TRY(naming(io::read_bytes(*volume_, block * super_.block_bytes, bytes), what));
  if (!apfs_checksum_matches(object))
    return fail(doubt(std::format("{} is damaged (checksum of block {})", what, block)));
  if (ApfsObject::decode(object).oid != oid)
    return fail(doubt(std::format("{} is not where it should be (block {})", what, block)));
  return object;
}

}  // namespace drydock::fs
