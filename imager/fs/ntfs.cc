#include "fs/ntfs.h"

#include <algorithm>
#include <format>
#include <functional>

#include "base/checked.h"
#include "base/units.h"
#include "fs/ntfs_check.h"
#include "fs/ntfs_files.h"
#include "fs/ntfs_state.h"
#include "fs/ntfs_volume.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kBitmapPiece = kMiB;
constexpr std::uint64_t kBootArea = 8 * kKiB;  // what the $Boot file covers

// Besides dirty: what Windows has yet to do with it, or did, none of which concerns the bitmap
// (resize the log, upgrade, mounted by NT 4, delete the change journal, repair object numbers, one
// that Windows 8 and later set, changed by chkdsk).
constexpr unsigned kKnownFlags =
    0x4001 | 0x0002 | 0x0004 | 0x0008 | 0x0010 | 0x0020 | 0x0080 | 0x8000;

Result<void> check_state(const NtfsVolume& volume) {
  const NtfsFacts facts = TRY(read_facts(volume));
  const unsigned version = facts.major * 100 + facts.minor;
  if (version != 102 && version != 300 && version != 301)
    return fail(doubt(std::format("its NTFS version {}.{} is unknown", facts.major, facts.minor)));
  if ((facts.flags & ~kKnownFlags) != 0)
    return fail(
        doubt(std::format("it has flags that Drydock does not know (0x{:04x})", facts.flags)));
  if (TRY(is_hibernated(volume)))
    return fail(
        doubt("Windows is hibernated on it (perhaps by Fast Startup) and goes on from what "
              "it remembers, not from what its bitmap says"));
  if (facts.dirty()) return fail(doubt("it is marked for a check by Windows (chkdsk)"));
  if (!TRY(log_is_clean(volume)))
    return fail(doubt("Windows did not finish with it, so its bitmap may be out of date"));
  return {};
}

Result<NtfsStream> bitmap_of(const NtfsVolume& volume) {
  NtfsStream bitmap = TRY(volume.stream(NtfsVolume::kBitmap, NtfsAttribute::kData));
  const std::uint64_t clusters = volume.boot().clusters();
  const std::uint64_t bytes = div_ceil<std::uint64_t>(clusters, 8);
  constexpr std::uint16_t kSpecial =
      NtfsAttribute::kCompressed | NtfsAttribute::kEncrypted | NtfsAttribute::kSparse;
  if ((bitmap.flags & kSpecial) != 0 || std::ranges::any_of(bitmap.runs, &NtfsRun::hole))
    return fail(doubt("its bitmap is compressed or has holes"));
  if (bitmap.initialised < bytes)
    return fail(doubt(std::format("its bitmap has {} bytes but its {} clusters need {}",
                                  bitmap.initialised, clusters, bytes)));
  return bitmap;
}

// Calls `visit` with the bitmap piece by piece: the first `count` bits of each stand for clusters
// from `first` on.
Result<void> each_bitmap_piece(
    const NtfsVolume& volume, const NtfsStream& bitmap,
    const std::function<void(Bytes bits, std::uint64_t first, std::uint64_t count)>& visit) {
  const std::uint64_t clusters = volume.boot().clusters();
  const std::uint64_t bytes = div_ceil<std::uint64_t>(clusters, 8);
  for (std::uint64_t at = 0; at < bytes; at += kBitmapPiece) {
    const std::size_t length = std::min<std::uint64_t>(kBitmapPiece, bytes - at);
    const auto piece = TRY(naming(volume.read(bitmap, at, length), "the bitmap"));
    visit(piece, at * 8, std::min<std::uint64_t>(length * 8, clusters - at * 8));
  }
  return {};
}

void add_usage(const NtfsVolume& volume, VolumeInfo& info) {
  // A probe is quick: what is larger (2 TiB in clusters of 4 KiB) is left to those who map.
  constexpr std::uint64_t kMostClusters = 64 * kMiB * 8;
  if (volume.boot().clusters() > kMostClusters) return;
  const auto bitmap = bitmap_of(volume);
  std::uint64_t used = 0;
  if (!bitmap ||
      !each_bitmap_piece(volume, *bitmap, [&](Bytes bits, std::uint64_t, std::uint64_t count) {
        used += count_bits(bits, count);
      }))
    return;
  info.free = (volume.boot().clusters() - used) * volume.boot().cluster_bytes;
  info.used = info.total - info.free;
}

VolumeState state_of(const NtfsVolume& volume, const NtfsFacts& facts) {
  if (is_hibernated(volume).value_or(false)) return VolumeState::hibernated;
  if (facts.dirty()) return VolumeState::needs_check;
  const auto clean = log_is_clean(volume);
  if (!clean) return VolumeState::unknown;
  return *clean ? VolumeState::clean : VolumeState::dirty;
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_ntfs(const io::BlockSource& source) {
  const auto bytes = TRY(naming(read_padded(source, 0, 512), "the boot sector"));
  const auto boot = NtfsBoot::decode(bytes);
  if (!boot) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "NTFS";
  info.uuid = std::format("{:016X}", boot->serial);
  info.cluster = boot->cluster_bytes;
  info.total = checked_mul<std::uint64_t>(boot->sectors, boot->sector_bytes).value_or(0);
  // Damage beyond the boot sector leaves it recognised; the map reader will say what it is.
  const auto volume = NtfsVolume::open(source);
  if (!volume) return info;
  const auto facts = read_facts(*volume);
  if (!facts) return info;
  info.label = facts->label;
  info.state = state_of(*volume, *facts);
  add_usage(*volume, info);
  return info;
}

Result<ExtentMap> used_ntfs(const io::BlockSource& source) {
  const NtfsVolume volume = TRY(NtfsVolume::open(source));
  const NtfsBoot& boot = volume.boot();
  TRY(check_state(volume));
  TRY(check_mirror(volume));

  UsedMap map(source.geometry().bytes);
  const NtfsStream bitmap = TRY(bitmap_of(volume));
  std::uint64_t in_use = 0;
  TRY(each_bitmap_piece(volume, bitmap, [&](Bytes bits, std::uint64_t first, std::uint64_t count) {
    in_use += map.keep_bits(bits, count, first * boot.cluster_bytes, boot.cluster_bytes);
  }));
  const ExtentMap used = std::move(map).take();
  TRY(check_files(volume, used, in_use));

  UsedMap outside(source.geometry().bytes);
  outside.keep(0, kBootArea);
  outside.keep(boot.mft_mirror * boot.cluster_bytes, std::uint64_t{4} * boot.record_bytes);
  const std::uint64_t end = boot.clusters() * boot.cluster_bytes;
  outside.keep(end, source.geometry().bytes - end);
  return used.united(std::move(outside).take());
}

Result<void> files_ntfs(const io::BlockSource& source, const VisitFiles& visit) {
  const NtfsVolume volume = TRY(NtfsVolume::open(source));
  NtfsFiles files(volume);
  const FileNode root = TRY(files.root());
  TRY(visit(files, root, {}));
  return {};
}

}  // namespace drydock::fs
