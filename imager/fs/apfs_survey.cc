#include "fs/apfs_survey.h"

#include <format>

#include "base/checked.h"

namespace drydock::fs {
namespace {

constexpr std::uint64_t kIdMask = (std::uint64_t{1} << 60) - 1;

}  // namespace

Result<ExtentMap> ApfsSurvey::run() {
  ApfsSpace space = TRY(ApfsSpace::read(volume_, container_));
  UsedMap used(volume_.geometry().bytes);
  TRY(space.map(used));
  used_ = std::move(used).take();
  TRY(check_areas(space));
  TRY(check_jumpstart());
  TRY(walk_queue(space.queue()));

  ApfsVolumeFinder finder(super_);
  TRY(walk_object_map(super_.object_map,
                      [&](const ApfsMapping& mapping) { finder.look_at(mapping); }));
  const auto volumes = TRY(finder.read(container_));
  for (const ApfsVolume& volume : volumes) TRY(walk_volume(volume));
  const std::uint64_t in_use = super_.blocks - space.free_blocks();
  if (allocated_ > in_use)
    return fail(doubt(
        std::format("its volumes count {} blocks but only {} are in use", allocated_, in_use)));
  return std::move(used_);
}

Result<void> ApfsSurvey::check_areas(const ApfsSpace& space) {
  const auto check = [this](Extent blocks, std::string_view what) -> Result<void> {
    if (blocks.length == 0) return {};
    return must_be_used(blocks.offset, blocks.length, what);
  };
  TRY(must_be_used(0, 1, "the container's superblock"));
  TRY(must_be_used(super_.descriptor_base, super_.descriptor_blocks, "the checkpoint descriptors"));
  TRY(check({super_.data_base, super_.data_blocks}, "the checkpoint data"));
  TRY(check(space.pool(), "the internal pool"));
  TRY(check(space.pool_bitmaps(), "the internal pool's bitmaps"));
  TRY(check(super_.key_locker, "the key locker"));
  return check(super_.media_key_locker, "the media key locker");
}

// What firmware that does not know APFS starts: a list of extents with a driver.
Result<void> ApfsSurvey::check_jumpstart() {
  constexpr std::size_t kExtents = 0xB0;
  constexpr std::string_view kName = "the EFI driver";
  if (super_.jumpstart == 0) return {};
  TRY(must_be_used(super_.jumpstart, 1, kName));
  const auto bytes = TRY(container_.object(super_.jumpstart, kName));
  const ByteReader f(bytes);
  const std::uint32_t count = f.le32(0x2C);
  if (ApfsObject::decode(bytes).type != ApfsObject::kJumpstart ||
      count > (bytes.size() - kExtents) / 16)
    return fail(doubt("its EFI driver is damaged"));
  for (std::uint32_t i = 0; i < count; ++i)
    TRY(must_be_used(f.le64(kExtents + std::size_t{16} * i),
                     f.le64(kExtents + std::size_t{16} * i + 8), kName));
  return {};
}

// Its blocks hold older checkpoints and are called used until those are given up.
Result<void> ApfsSurvey::walk_queue(const ApfsSpace::Queue& queue) {
  std::uint64_t blocks = 0;
  if (queue.tree != 0) {
    ApfsTree tree(container_, ApfsTree::Storage::ephemeral, ApfsObject::kFreeQueue,
                  "the free queue");
    const auto ignore = [](std::uint64_t) -> Result<void> { return {}; };
    TRY(tree.each_record(queue.tree, ignore,
                         [&](const ByteReader& key, const ByteReader& value) -> Result<void> {
                           const std::uint64_t count = value.size() == 0 ? 1 : value.le64(0);
                           if (!key.ok() || !value.ok() || count > super_.blocks)
                             return fail(doubt("a record of the free queue is damaged"));
                           blocks += count;
                           return must_be_used(key.le64(8), count, "the free queue");
                         }));
  }
  if (blocks == queue.blocks) return {};
  return fail(doubt(std::format("its space manager counts {} blocks to be freed but lists {}",
                                queue.blocks, blocks)));
}

Result<void> ApfsSurvey::walk_volume(const ApfsVolume& volume) {
  TRY(volume.check());
  counted_ = 0;
  TRY(walk_object_map(volume.object_map, [this](const ApfsMapping& mapping) {
    if (!mapping.deleted) counted_ += mapping.blocks;
  }));
  TRY(walk_extents(volume.extent_tree));
  TRY(walk_snapshots(volume));
  if (volume.file_extent_tree != 0) TRY(walk_file_extents(volume.file_extent_tree));
  if (counted_ != volume.allocated)
    return fail(doubt(std::format("its volume \"{}\" counts {} blocks but its trees have {}",
                                  volume.name, volume.allocated, counted_)));
  allocated_ += volume.allocated;
  return {};
}

Result<void> ApfsSurvey::walk_object_map(std::uint64_t block,
                                         const std::function<void(const ApfsMapping&)>& visit) {
  TRY(must_be_used(block, 1, "an object map"));
  const ApfsObjectMap map = TRY(ApfsObjectMap::read(container_, block));
  ++counted_;
  TRY(walk(map.tree, ApfsObject::kObjectMap, "an object map",
           [&](const ByteReader& key, const ByteReader& value) -> Result<void> {
             const auto mapping = TRY(ApfsMapping::decode(key, value, super_.block_bytes));
             if (!mapping.deleted) TRY(must_be_used(mapping.block, mapping.blocks, "an object"));
             visit(mapping);
             return {};
           }));
  if (map.snapshot_tree == 0) return {};
  return walk(map.snapshot_tree, ApfsObject::kSnapshotMap, "an object map's snapshots",
              [](const ByteReader&, const ByteReader&) -> Result<void> { return {}; });
}

Result<void> ApfsSurvey::walk_extents(std::uint64_t tree) {
  enum Kind : std::uint64_t { kNew = 1, kUpdate = 2 };
  constexpr std::uint64_t kExtent = 2;
  return walk(tree, ApfsObject::kExtentTree, "an extent tree",
              [this](const ByteReader& key, const ByteReader& value) -> Result<void> {
                const std::uint64_t first = key.le64(0);
                const std::uint64_t length = value.le64(0);
                const std::uint64_t kind = length >> 60;
                if (!value.ok() || first >> 60 != kExtent || (kind != kNew && kind != kUpdate))
                  return fail(doubt("a record of an extent tree is damaged"));
                if (kind == kNew) counted_ += length & kIdMask;
                return must_be_used(first & kIdMask, length & kIdMask, "a file");
              });
}

Result<void> ApfsSurvey::walk_snapshots(const ApfsVolume& volume) {
  enum Type : std::uint64_t { kMetadata = 1, kName = 11 };
  if (volume.snapshot_tree == 0) return {};
  std::uint64_t snapshots = 0;
  TRY(walk(volume.snapshot_tree, ApfsObject::kSnapshotTree, "a snapshot tree",
           [&](const ByteReader& key, const ByteReader& value) -> Result<void> {
             const std::uint64_t type = key.le64(0) >> 60;
             if (type == kName) return {};
             if (type != kMetadata || value.le32(40) != kApfsPhysicalTree || !value.ok())
               return fail(doubt("a record of a snapshot tree is damaged"));
             ++snapshots;
             TRY(must_be_used(value.le64(8), 1, "a snapshot"));
             return walk_extents(value.le64(0));
           }));
  if (snapshots == volume.snapshots) return {};
  return fail(doubt(std::format("its volume \"{}\" counts {} snapshots but lists {}", volume.name,
                                volume.snapshots, snapshots)));
}

Result<void> ApfsSurvey::walk_file_extents(std::uint64_t tree) {
  constexpr std::uint64_t kLength = (std::uint64_t{1} << 56) - 1;
  return walk(tree, ApfsObject::kFileExtentTree, "a sealed volume's extent tree",
              [this](const ByteReader&, const ByteReader& value) -> Result<void> {
                const std::uint64_t bytes = value.le64(0) & kLength;
                const std::uint64_t block = value.le64(8);
                if (!value.ok())
                  return fail(doubt("a record of a sealed volume's extent tree is damaged"));
                if (block == 0 || bytes == 0) return {};
                return must_be_used(block, div_ceil<std::uint64_t>(bytes, super_.block_bytes),
                                    "a file");
              });
}

Result<void> ApfsSurvey::walk(std::uint64_t root, ApfsObject::Type subtype, std::string_view name,
                              const ApfsTree::Visit& visit) {
  ApfsTree tree(container_, ApfsTree::Storage::physical, subtype, std::string(name));
  counted_ += TRY(tree.each_record(
      root, [&](std::uint64_t block) { return must_be_used(block, 1, name); }, visit));
  return {};
}

Result<void> ApfsSurvey::must_be_used(std::uint64_t block, std::uint64_t count,
                                      std::string_view what) const {
  if (count == 0 || !super_.inside(block, count))
    return fail(
        doubt(std::format("{} has blocks outside the container ({} from {})", what, count, block)));
  const std::uint64_t bytes = super_.block_bytes;
  if (used_.contains({block * bytes, count * bytes})) return {};
  return fail(doubt(
      std::format("its space manager calls blocks of {} free ({} from {})", what, count, block)));
}

}  // namespace drydock::fs
