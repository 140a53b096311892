#include "fs/exfat.h"

#include <algorithm>
#include <format>
#include <set>
#include <vector>

#include "base/checked.h"
#include "fs/exfat_folders.h"
#include "fs/exfat_volume.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

// More folders than this are not followed: the memory for them would not be bounded.
constexpr std::size_t kMostFolders = 1'000'000;

class Survey {
 public:
  Survey(const io::BlockSource& volume, const ExfatBoot& boot)
      : volume_(volume), boot_(boot), fat_(volume) {}

  Result<ExtentMap> run() {
    const ExfatEntry bitmap = TRY(find_bitmap());
    used_ = TRY(map_bitmap(bitmap));
    folders_.push_back(root_folder(boot_));
    while (!folders_.empty()) {
      const ExfatEntry folder = folders_.back();
      folders_.pop_back();
      TRY(check_clusters(folder));
      TRY(each_entry(volume_, boot_, fat_, folder, [&](const ExfatEntry& entry) -> Result<void> {
        if (entry.kind == ExfatEntry::Kind::label) return {};
        if (entry.kind != ExfatEntry::Kind::folder) return check_clusters(entry);
        return remember(entry);
      }));
    }
    return used_;
  }

 private:
  Result<ExfatEntry> find_bitmap();
  Result<ExtentMap> map_bitmap(const ExfatEntry& bitmap);
  Result<void> check_clusters(const ExfatEntry& entry);
  Result<void> remember(const ExfatEntry& folder);

  const io::BlockSource& volume_;
  const ExfatBoot& boot_;
  Window fat_;
  ExtentMap used_;
  std::vector<ExfatEntry> folders_;  // yet to be looked into
  std::set<std::uint32_t> seen_;     // first clusters of all folders met
};

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

Result<ExtentMap> Survey::map_bitmap(const ExfatEntry& bitmap) {
  const std::uint64_t bytes = div_ceil<std::uint64_t>(boot_.clusters, 8);
  if (bitmap.length < bytes)
    return fail(doubt(std::format("its bitmap has {} bytes but its {} clusters need {}",
                                  bitmap.length, boot_.clusters, bytes)));
  UsedMap used(volume_.geometry().bytes);
  ExfatChain chain(boot_, fat_, bitmap.first_cluster, bytes, false);
  for (std::uint64_t at = 0; at < bytes; at += boot_.cluster_bytes) {
    const std::uint32_t cluster = TRY(chain.next());
    const std::size_t length = std::min<std::uint64_t>(boot_.cluster_bytes, bytes - at);
    const auto piece =
        TRY(naming(io::read_bytes(volume_, boot_.cluster_offset(cluster), length), "the bitmap"));
    used.keep_bits(piece, std::min<std::uint64_t>(length * 8, boot_.clusters - at * 8),
                   boot_.cluster_offset(2 + at * 8), boot_.cluster_bytes);
  }
  return std::move(used).take();
}

Result<void> Survey::check_clusters(const ExfatEntry& entry) {
  const auto in_use = [&](std::uint64_t first, std::uint64_t count) -> Result<void> {
    if (used_.contains({boot_.cluster_offset(first), count * boot_.cluster_bytes})) return {};
    return fail(doubt(std::format("its bitmap calls cluster {} free, but a file has it", first)));
  };
  if (entry.contiguous) {
    const std::uint64_t count = div_ceil<std::uint64_t>(entry.length, boot_.cluster_bytes);
    if (count == 0) return {};
    if (!boot_.is_cluster(entry.first_cluster) || count > boot_.clusters + 2 - entry.first_cluster)
      return fail(doubt("a file of it lies outside the volume"));
    return in_use(entry.first_cluster, count);
  }
  if (entry.length != UINT64_MAX && entry.length > boot_.clusters * boot_.cluster_bytes)
    return fail(doubt("a file of it is larger than the volume"));
  ExfatChain chain(boot_, fat_, entry.first_cluster, entry.length, false);
  while (const std::uint32_t cluster = TRY(chain.next())) TRY(in_use(cluster, 1));
  return {};
}

Result<void> Survey::remember(const ExfatEntry& folder) {
  if (folder.first_cluster == boot_.root_cluster || !seen_.insert(folder.first_cluster).second)
    return fail(doubt("two folders of it share their clusters"));
  if (seen_.size() > kMostFolders) return fail(doubt("it has more folders than can be checked"));
  folders_.push_back(folder);
  return {};
}

// The label is among the first entries of the root folder. Damage there is no matter here.
std::string label_of(const io::BlockSource& volume, const ExfatBoot& boot) {
  std::string label;
  Window fat(volume, 4096);
  ExfatEntry start = root_folder(boot);
  start.contiguous = true;
  start.length = boot.cluster_bytes;
  const auto read = each_entry(volume, boot, fat, start, [&](const ExfatEntry& entry) {
    if (entry.kind == ExfatEntry::Kind::label) label = entry.label;
    return Result<void>();
  });
  return read ? label : "";
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
  if (boot->is_cluster(boot->root_cluster)) info.label = label_of(volume, *boot);
  return info;
}

Result<ExtentMap> used_exfat(const io::BlockSource& volume) {
  const auto boot = TRY(read_boot(volume));
  if (!boot) return fail(doubt("its boot sector has gone"));
  const std::uint64_t volume_bytes = volume.geometry().bytes;
  TRY(boot->check(volume_bytes));
  TRY(check_boot_checksum(volume, *boot));
  const ExtentMap in_use = TRY(Survey(volume, *boot).run());

  UsedMap outside(volume_bytes);
  outside.keep(0, boot->heap_offset);
  const std::uint64_t end = boot->cluster_offset(boot->clusters + 2);
  outside.keep(end, volume_bytes - end);
  return in_use.united(std::move(outside).take());
}

}  // namespace drydock::fs
