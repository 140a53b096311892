#include "fs/exfat.h"

#include <format>
#include <unordered_set>
#include <vector>

#include "base/checked.h"
#include "base/units.h"
#include "fs/exfat_bitmap.h"
#include "fs/exfat_files.h"
#include "fs/exfat_folders.h"
#include "fs/exfat_volume.h"
#include "fs/read.h"
#include "fs/trust.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

// More folders than this are not followed: the memory for them would not be bounded.
constexpr std::size_t kMostFolders = 500'000;

// Walks every file and folder, with the map of the bitmap in hand.
class Survey {
 public:
  Survey(const io::BlockSource& volume, const ExfatBoot& boot)
      : volume_(volume), boot_(boot), fat_(volume) {}

  Result<ExtentMap> run();

 private:
  struct Folder {
    std::uint64_t length = 0;
    std::uint32_t first_cluster = 0;
    bool contiguous = false;
  };

  Result<ExfatEntry> find_bitmap();
  Result<void> map_bitmap(const ExfatEntry& bitmap);
  Result<void> look_into(const ExfatEntry& folder);
  Result<void> check_clusters(const ExfatEntry& entry);
  Result<void> check_run(std::uint64_t first, std::uint64_t count);
  Result<void> remember(const ExfatEntry& folder);

  const io::BlockSource& volume_;
  const ExfatBoot& boot_;
  Window fat_;
  ExtentMap used_;
  std::uint64_t in_use_ = 0;                // clusters, by the bitmap
  std::uint64_t in_files_ = 0;              // clusters, by what was walked so far
  std::vector<Folder> folders_;             // yet to be looked into
  std::unordered_set<std::uint32_t> seen_;  // first clusters of all folders met
};

Result<ExtentMap> Survey::run() {
  const ExfatEntry bitmap = TRY(find_bitmap());
  TRY(map_bitmap(bitmap));
  TRY(look_into(root_folder(boot_)));
  while (!folders_.empty()) {
    const Folder next = folders_.back();
    folders_.pop_back();
    ExfatEntry folder;
    folder.first_cluster = next.first_cluster;
    folder.length = next.length;
    folder.contiguous = next.contiguous;
    TRY(look_into(folder));
  }
  return std::move(used_);
}

Result<ExfatEntry> Survey::find_bitmap() {
  std::vector<ExfatEntry> bitmaps;
  TRY(each_entry(volume_, boot_, fat_, root_folder(boot_), [&](const ExfatEntry& entry) {
    if (entry.kind == ExfatEntry::Kind::bitmap && bitmaps.size() < 2) bitmaps.push_back(entry);
    return Result<void>();
  }));
  if (bitmaps.size() != 1 || (bitmaps[0].flags & 1) != 0)
    return fail(doubt("its root folder does not have exactly one allocation bitmap"));
  return bitmaps[0];
}

Result<void> Survey::map_bitmap(const ExfatEntry& bitmap) {
  UsedMap used(volume_.geometry().bytes);
  TRY(each_bitmap_piece(
      volume_, boot_, fat_, bitmap, [&](Bytes bits, std::uint64_t first, std::uint64_t count) {
        in_use_ += used.keep_bits(bits, count, boot_.cluster_offset(first), boot_.cluster_bytes);
      }));
  used_ = std::move(used).take();
  return {};
}

Result<void> Survey::look_into(const ExfatEntry& folder) {
  TRY(check_clusters(folder));
  return each_entry(volume_, boot_, fat_, folder, [&](const ExfatEntry& entry) -> Result<void> {
    if (entry.kind == ExfatEntry::Kind::label) return {};
    if (entry.kind == ExfatEntry::Kind::folder) return remember(entry);
    return check_clusters(entry);
  });
}

Result<void> Survey::check_clusters(const ExfatEntry& entry) {
  if (entry.contiguous) {
    const std::uint64_t count = div_ceil<std::uint64_t>(entry.length, boot_.cluster_bytes);
    if (count == 0) return {};
    if (!boot_.is_cluster(entry.first_cluster) || count > boot_.clusters + 2 - entry.first_cluster)
      return fail(doubt("a file of it lies outside the volume"));
    return check_run(entry.first_cluster, count);
  }
  if (entry.length != UINT64_MAX && entry.length > boot_.clusters * boot_.cluster_bytes)
    return fail(doubt("a file of it is larger than the volume"));
  ExfatChain chain(boot_, fat_, entry.first_cluster, entry.length, false);
  while (const std::uint32_t cluster = TRY(chain.next())) TRY(check_run(cluster, 1));
  return {};
}

// No cluster belongs to two files. That bounds the time for chains that share theirs, too.
Result<void> Survey::check_run(std::uint64_t first, std::uint64_t count) {
  if (!used_.contains({boot_.cluster_offset(first), count * boot_.cluster_bytes}))
    return fail(doubt(std::format("its bitmap calls cluster {} free, but a file has it", first)));
  in_files_ += count;
  if (in_files_ <= in_use_) return {};
  return fail(doubt(std::format("its bitmap calls {} clusters used, but its files have {} or more",
                                in_use_, in_files_)));
}

Result<void> Survey::remember(const ExfatEntry& folder) {
  if (folder.first_cluster == boot_.root_cluster || !seen_.insert(folder.first_cluster).second)
    return fail(doubt("two folders of it share their clusters"));
  if (seen_.size() > kMostFolders) return fail(doubt("it has more folders than can be checked"));
  folders_.push_back({folder.length, folder.first_cluster, folder.contiguous});
  return {};
}

// The label and the bitmap are among the first entries of the root folder: one cluster is looked
// at. Damage there is no matter here.
void add_root_facts(const io::BlockSource& volume, const ExfatBoot& boot, VolumeInfo& info) {
  Window fat(volume, 4 * kKiB);
  ExfatEntry start = root_folder(boot);
  start.contiguous = true;
  start.length = boot.cluster_bytes;
  std::optional<ExfatEntry> bitmap;
  (void)each_entry(volume, boot, fat, start, [&](const ExfatEntry& entry) {
    if (entry.kind == ExfatEntry::Kind::label) info.label = entry.label;
    if (entry.kind == ExfatEntry::Kind::bitmap) bitmap = entry;
    return Result<void>();
  });
  // A probe is quick: what is larger is left to those who map.
  constexpr std::uint64_t kMostBitmap = 8 * kMiB;
  if (!bitmap || bitmap->length > kMostBitmap) return;
  std::uint64_t used = 0;
  const auto counted = each_bitmap_piece(
      volume, boot, fat, *bitmap,
      [&](Bytes bits, std::uint64_t, std::uint64_t count) { used += count_bits(bits, count); });
  if (!counted) return;
  info.free = (boot.clusters - used) * boot.cluster_bytes;
  info.used = info.total - info.free;
}

Result<std::optional<ExfatBoot>> read_boot(const io::BlockSource& volume) {
  return ExfatBoot::decode(TRY(naming(read_padded(volume, 0, 512), "the boot sector")));
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_exfat(const io::BlockSource& volume) {
  const auto boot = TRY(read_boot(volume));
  if (!boot) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "exFAT";
  info.uuid = std::format("{:04X}-{:04X}", boot->serial >> 16, boot->serial & 0xFFFF);
  if (boot->sector_bytes == 0) return info;
  info.cluster = boot->cluster_bytes;
  info.total = checked_mul<std::uint64_t>(boot->sectors, boot->sector_bytes).value_or(0);
  const bool sound = (boot->flags & (ExfatBoot::kDirty | ExfatBoot::kMediaFailure)) == 0;
  info.state = sound ? VolumeState::clean : VolumeState::needs_check;
  if (boot->check_sizes(volume.geometry().bytes)) add_root_facts(volume, *boot, info);
  return info;
}

Result<ExtentMap> used_exfat(const io::BlockSource& volume) {
  const auto boot = TRY(read_boot(volume));
  if (!boot) return fail(doubt("its boot sector has gone"));
  const std::uint64_t volume_bytes = volume.geometry().bytes;
  TRY(boot->check(volume_bytes));
  TRY(check_boot_checksum(volume, *boot));
  const ExtentMap in_use = TRY(Survey(volume, *boot).run());
  const std::uint64_t heap_bytes = boot->clusters * boot->cluster_bytes;
  return with_outside(in_use, {boot->heap_offset, heap_bytes}, volume_bytes);
}

Result<void> files_exfat(const io::BlockSource& volume, const VisitFiles& visit) {
  const auto boot = TRY(read_boot(volume));
  if (!boot) return fail(doubt("its boot sector has gone"));
  TRY(boot->check_kind());
  TRY(boot->check_sizes(volume.geometry().bytes));
  ExfatFiles files(volume, *boot);
  const FileNode root = TRY(files.root());
  TRY(visit(files, root, {}));
  return {};
}

}  // namespace drydock::fs
