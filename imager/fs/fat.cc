#include "fs/fat.h"

#include <algorithm>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "fs/fat_boot.h"
#include "fs/fat_files.h"
#include "fs/fat_table.h"
#include "fs/fat_walk.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

using Kind = FatBoot::Kind;

Result<std::optional<FatBoot>> read_boot(const io::BlockSource& volume) {
  return FatBoot::decode(TRY(naming(read_padded(volume, 0, 512), "the boot sector")));
}

// The free count that FAT32 keeps beside the FAT. Systems may leave it unset.
Result<std::optional<std::uint32_t>> recorded_free(const io::BlockSource& volume,
                                                   const FatBoot& boot) {
  if (boot.kind != Kind::fat32 || boot.info_sector == 0 ||
      boot.info_sector >= boot.reserved_sectors)
    return std::nullopt;
  const std::uint64_t at = std::uint64_t{boot.info_sector} * boot.sector_bytes;
  const auto bytes = TRY(naming(read_padded(volume, at, 512), "the FSInfo sector"));
  const ByteReader f(bytes);
  if (f.le32(0) != 0x41615252 || f.le32(484) != 0x61417272) return std::nullopt;
  const std::uint32_t free = f.le32(488);
  if (free == 0xFFFFFFFF) return std::nullopt;
  return free;
}

// The label that systems show is the root directory's; the first piece of it is looked at.
Result<std::string> root_label(const io::BlockSource& volume, const FatBoot& boot) {
  const std::uint64_t root = boot.kind == Kind::fat32
                                 ? boot.cluster_offset(std::max(boot.root_cluster, 2u))
                                 : (boot.data_sector() - boot.root_sectors()) * boot.sector_bytes;
  const std::uint64_t bytes =
      boot.kind == Kind::fat32 ? boot.cluster_bytes() : std::uint64_t{boot.root_entries} * 32;
  const auto entries = TRY(naming(
      read_padded(volume, root, std::min<std::uint64_t>(bytes, 16 * kKiB)), "the root directory"));
  const ByteReader f(entries);
  for (std::size_t at = 0; at + 32 <= entries.size(); at += 32) {
    const std::uint8_t first = f.u8(at);
    if (first == 0) break;
    constexpr std::uint8_t kKinds = 0x18;  // volume label, directory; a long name has 0x0F
    const std::uint8_t attributes = f.u8(at + 11);
    if (first == 0xE5 || (attributes & 0x0F) == 0x0F || (attributes & kKinds) != 0x08) continue;
    return printable(f.text(at, 11));
  }
  return std::string();
}

Result<void> check(const io::BlockSource& volume, const FatBoot& boot) {
  TRY(boot.check_sizes(volume.geometry().bytes));
  const std::string_view told = trimmed(boot.kind_text);
  if ((told == "FAT12" || told == "FAT16" || told == "FAT32") && told != boot.name())
    return fail(doubt(std::format("it calls itself {} but its {} clusters make it {}", told,
                                  boot.clusters, boot.name())));
  if (boot.one_fat_alone())
    return fail(doubt("only one of its FATs is kept up to date, the others differ"));
  return {};
}

Result<void> check_state(FatTable& table) {
  const FatFlags flags = TRY(table.flags());
  if (!flags.clean)
    return fail(doubt("it was not unmounted cleanly, so its FAT may be out of date"));
  if (!flags.no_errors)
    return fail(doubt("the system that used it recorded read or write errors; it needs a check"));
  return {};
}

// How much is free: FAT32's own count, else by a look into a table that is small.
std::optional<std::uint64_t> free_clusters(const io::BlockSource& volume, const FatBoot& boot,
                                           FatTable& table) {
  if (boot.kind == Kind::fat32) {
    const auto told = recorded_free(volume, boot);
    return told && *told && **told <= boot.clusters ? std::optional<std::uint64_t>(**told)
                                                    : std::nullopt;
  }
  std::uint64_t free = 0;
  if (boot.clusters >= 65525 || !check(volume, boot)) return std::nullopt;
  for (std::uint64_t cluster = 2; cluster < boot.clusters + 2; ++cluster) {
    const auto entry = table.at(cluster);
    if (!entry) return std::nullopt;
    free += *entry == 0 ? 1 : 0;
  }
  return free;
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_fat(const io::BlockSource& volume) {
  const auto boot = TRY(read_boot(volume));
  if (!boot) return std::nullopt;
  VolumeInfo info;
  info.filesystem = boot->name();
  // A part of it that cannot be read takes away a name or a number, not the recognition.
  info.label = root_label(volume, *boot).value_or(std::string());
  if (info.label.empty()) info.label = boot->label;
  if (boot->serial != 0)
    info.uuid = std::format("{:04X}-{:04X}", boot->serial >> 16, boot->serial & 0xFFFF);
  info.cluster = static_cast<std::uint32_t>(boot->cluster_bytes());
  info.total = boot->sectors * boot->sector_bytes;
  FatTable table(volume, *boot);
  if (const auto free = free_clusters(volume, *boot, table)) {
    info.free = *free * boot->cluster_bytes();
    info.used = info.total - info.free;
  }
  if (const auto flags = table.flags())
    info.state = flags->clean && flags->no_errors ? VolumeState::clean : VolumeState::needs_check;
  return info;
}

Result<ExtentMap> used_fat(const io::BlockSource& volume) {
  const auto boot = TRY(read_boot(volume));
  if (!boot) return fail(doubt("its boot sector has gone"));
  TRY(check(volume, *boot));
  FatTable table(volume, *boot);
  TRY(check_state(table));
  UsedMap used(volume.geometry().bytes);
  TRY(table.map(used));
  const auto recorded = TRY(recorded_free(volume, *boot));
  if (recorded && *recorded != table.free())
    return fail(doubt(std::format("its FSInfo sector counts {} free clusters but its FAT has {}",
                                  *recorded, table.free())));
  TRY(FatWalk(volume, *boot, table).run());

  const std::uint64_t data = boot->data_sector() * boot->sector_bytes;
  const std::uint64_t end = boot->cluster_offset(boot->clusters + 2);
  used.keep(0, data);
  used.keep(end, volume.geometry().bytes - end);
  return std::move(used).take();
}

Result<void> files_fat(const io::BlockSource& volume, const VisitFiles& visit) {
  const auto boot = TRY(read_boot(volume));
  if (!boot) return fail(doubt("its boot sector has gone"));
  TRY(boot->check_sizes(volume.geometry().bytes));
  FatTable table(volume, *boot);
  FatFiles files(volume, *boot, table);
  const FileNode root = TRY(files.root());
  TRY(visit(files, root, {}));
  return {};
}

}  // namespace drydock::fs
