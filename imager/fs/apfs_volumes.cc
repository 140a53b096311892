#include "fs/apfs_volumes.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "base/text.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::uint64_t kKnownFeatures = 0x1F;   // defragmentation, hard link maps, strict atime,
                                                 // inode numbers of volume groups
constexpr std::uint64_t kKnownIncompat = 0x1 |   // case-insensitive
                                         0x2 |   // snapshots without data
                                         0x4 |   // its encryption has been changed
                                         0x8 |   // normalization-insensitive
                                         0x10 |  // being restored
                                         0x20 |  // sealed
                                         0x40 |  // keys by file
                                         0x80 |  // extents ahead of data
                                         0x100;  // second root tree

}  // namespace

std::optional<ApfsVolume> ApfsVolume::decode(Bytes block) {
  const ByteReader f(block);
  if (!f.equals(0x20, "APSB")) return std::nullopt;
  ApfsVolume volume;
  volume.features = f.le64(0x28);
  volume.ro_compat = f.le64(0x30);
  volume.incompat = f.le64(0x38);
  volume.name = printable(f.text(0x2C0, 256));
  volume.allocated = f.le64(0x58);
  volume.snapshots = f.le64(0xD8);
  volume.object_map = f.le64(0x80);
  volume.extent_tree = f.le64(0x90);
  volume.snapshot_tree = f.le64(0x98);
  volume.file_extent_tree = f.le64(0x408);
  volume.trees_physical = f.le32(0x78) == kApfsPhysicalTree && f.le32(0x7C) == kApfsPhysicalTree &&
                          (volume.file_extent_tree == 0 || f.le32(0x410) == kApfsPhysicalTree);
  volume.reverting = f.le64(0xA0) != 0 || f.le64(0xA8) != 0;
  volume.encrypting = f.le64(0x3D0) != 0;
  return volume;
}

Result<void> ApfsVolume::check() const {
  const auto refuse = [this](std::string_view why) {
    return fail(doubt(std::format("its volume \"{}\" {}", name, why)));
  };
  const auto unknown = [&](std::uint64_t flags, std::string_view set) {
    return refuse(std::format("uses {} features that Drydock does not know (0x{:x})", set, flags));
  };
  if (const auto flags = incompat & ~kKnownIncompat) return unknown(flags, "incompatible");
  if (ro_compat != 0) return unknown(ro_compat, "read-only compatible");
  if (const auto flags = features & ~kKnownFeatures) return unknown(flags, "compatible");
  if (encrypting) return refuse("was being encrypted or decrypted when it was last used");
  if (reverting) return refuse("is about to go back to a snapshot");
  if (!trees_physical) return refuse("keeps its trees in a way that Drydock does not know");
  return {};
}

Result<ApfsObjectMap> ApfsObjectMap::read(const ApfsContainer& container, std::uint64_t block) {
  constexpr std::uint32_t kManual = 1, kCryptoGeneration = 0x10;
  const auto bytes = TRY(container.object(block, "an object map"));
  const ByteReader f(bytes);
  const std::uint32_t flags = f.le32(0x20);
  if (ApfsObject::decode(bytes).type != ApfsObject::kObjectMap)
    return fail(doubt(std::format("what should be an object map is none (block {})", block)));
  if ((flags & ~(kManual | kCryptoGeneration)) != 0)
    return fail(
        doubt(std::format("an object map has flags that Drydock does not know (0x{:x})", flags)));
  const std::uint64_t snapshots = f.le64(0x38);
  if (f.le32(0x28) != kApfsPhysicalTree || (snapshots != 0 && f.le32(0x2C) != kApfsPhysicalTree))
    return fail(doubt("an object map keeps its trees in a way that Drydock does not know"));
  return ApfsObjectMap{f.le64(0x30), snapshots};
}

Result<ApfsMapping> ApfsMapping::decode(const ByteReader& key, const ByteReader& value,
                                        std::uint32_t block_bytes) {
  constexpr std::uint32_t kDeleted = 1, kKnownFlags = 0x1F;
  const std::uint32_t flags = value.le32(0);
  const ApfsMapping mapping{key.le64(0), key.le64(8), value.le64(8),
                            div_ceil(value.le32(4), block_bytes), (flags & kDeleted) != 0};
  if (!key.ok() || !value.ok() || (flags & ~kKnownFlags) != 0)
    return fail(doubt("a record of an object map is damaged"));
  return mapping;
}

void ApfsVolumeFinder::look_at(const ApfsMapping& mapping) {
  if (mapping.deleted || mapping.xid > super_.xid) return;
  for (std::size_t i = 0; i < found_.size(); ++i)
    if (super_.volumes[i] == mapping.oid && mapping.xid >= found_[i].xid) found_[i] = mapping;
}

Result<std::vector<ApfsVolume>> ApfsVolumeFinder::read(const ApfsContainer& container) const {
  std::vector<ApfsVolume> volumes;
  for (std::size_t i = 0; i < found_.size(); ++i) {
    const std::string name = std::format("the superblock of volume {}", i + 1);
    if (found_[i].block == 0) return fail(doubt(name + " is not in the object map"));
    const auto bytes = TRY(container.object(found_[i].block, found_[i].oid, name));
    auto volume = ApfsVolume::decode(bytes);
    if (!volume) return fail(doubt(name + " is none"));
    volumes.push_back(std::move(*volume));
  }
  return volumes;
}

}  // namespace drydock::fs
