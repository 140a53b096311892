#include "fs/ntfs.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "base/units.h"
#include "fs/ntfs_state.h"
#include "fs/ntfs_volume.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kPiece = kMiB;

Result<void> check_state(const NtfsVolume& volume) {
  const NtfsFacts facts = TRY(read_facts(volume));
  const unsigned version = facts.major * 10 + facts.minor;
  if (version != 12 && version != 30 && version != 31)
    return fail(doubt(std::format("its NTFS version {}.{} is unknown", facts.major, facts.minor)));
  if (TRY(is_hibernated(volume)))
    return fail(
        doubt("Windows is hibernated on it (perhaps by Fast Startup) and goes on from what "
              "it remembers, not from what its bitmap says"));
  if (facts.dirty) return fail(doubt("it is marked for a check by Windows (chkdsk)"));
  if (!TRY(log_is_clean(volume)))
    return fail(doubt("Windows did not finish with it, so its bitmap may be out of date"));
  return {};
}

Result<void> map_bitmap(const NtfsVolume& volume, UsedMap& used) {
  const NtfsStream bitmap = TRY(volume.stream(NtfsVolume::kBitmap, NtfsAttribute::kData));
  const std::uint64_t clusters = volume.boot().clusters();
  const std::uint64_t bytes = div_ceil<std::uint64_t>(clusters, 8);
  const std::uint64_t cluster = volume.boot().cluster_bytes;
  constexpr std::uint16_t kSpecial =
      NtfsAttribute::kCompressed | NtfsAttribute::kEncrypted | NtfsAttribute::kSparse;
  if ((bitmap.flags & kSpecial) != 0 || std::ranges::any_of(bitmap.runs, &NtfsRun::hole))
    return fail(doubt("its bitmap is compressed or has holes"));
  if (bitmap.initialised < bytes)
    return fail(doubt(std::format("its bitmap has {} bytes but its {} clusters need {}",
                                  bitmap.initialised, clusters, bytes)));
  for (std::uint64_t at = 0; at < bytes; at += kPiece) {
    const std::size_t length = std::min<std::uint64_t>(kPiece, bytes - at);
    const auto piece = TRY(naming(volume.read(bitmap, at, length), "the bitmap"));
    used.keep_bits(piece, std::min<std::uint64_t>(length * 8, clusters - at * 8), at * 8 * cluster,
                   cluster);
  }
  return {};
}

// The clusters of one record of the master file table.
Result<void> check_record(std::uint64_t number, MutableBytes bytes, const NtfsBoot& boot,
                          const ExtentMap& used) {
  // Never used: zeros, or what mkntfs and Windows leave in spare records.
  if (all_zero(bytes.first(4))) return {};
  const std::string name = std::format("file record {}", number);
  TRY(naming(apply_fixups(bytes, "FILE"), name));
  const NtfsRecord record({bytes.begin(), bytes.end()});
  if (!record.in_use()) return {};
  for (const NtfsAttribute& attribute : TRY(naming(record.attributes(), name))) {
    if (attribute.resident) continue;
    for (const NtfsRun& run : TRY(naming(attribute.runs(boot.clusters()), name))) {
      if (run.hole ||
          used.contains({run.lcn * boot.cluster_bytes, run.length * boot.cluster_bytes}))
        continue;
      return fail(doubt(std::format("its bitmap calls clusters {} to {} free, but file {} has them",
                                    run.lcn, run.lcn + run.length - 1, number)));
    }
  }
  return {};
}

Result<void> check_files(const NtfsVolume& volume, const ExtentMap& used) {
  const std::uint64_t record = volume.boot().record_bytes;
  const std::uint64_t at_once = kPiece / record;
  for (std::uint64_t first = 0; first < volume.records(); first += at_once) {
    const std::uint64_t count = std::min(at_once, volume.records() - first);
    auto piece = TRY(
        naming(volume.read(volume.mft(), first * record, count * record), "the master file table"));
    for (std::uint64_t i = 0; i < count; ++i)
      TRY(check_record(first + i, MutableBytes(piece).subspan(i * record, record), volume.boot(),
                       used));
  }
  return {};
}

VolumeState state_of(const NtfsVolume& volume, const NtfsFacts& facts) {
  if (is_hibernated(volume).value_or(false)) return VolumeState::hibernated;
  if (facts.dirty) return VolumeState::needs_check;
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
  return info;
}

Result<ExtentMap> used_ntfs(const io::BlockSource& source) {
  const NtfsVolume volume = TRY(NtfsVolume::open(source));
  TRY(check_state(volume));
  UsedMap map(source.geometry().bytes);
  TRY(map_bitmap(volume, map));
  const ExtentMap used = std::move(map).take();
  TRY(check_files(volume, used));

  UsedMap outside(source.geometry().bytes);
  outside.keep(0, volume.boot().sector_bytes);
  const std::uint64_t end = volume.boot().clusters() * volume.boot().cluster_bytes;
  outside.keep(end, source.geometry().bytes - end);
  return used.united(std::move(outside).take());
}

}  // namespace drydock::fs
