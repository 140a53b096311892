#include "fs/fat.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "base/text.h"
#include "base/units.h"
#include "fs/fat_boot.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

using Kind = FatBoot::Kind;

// Whole numbers of entries of every kind: 12 bits come three bytes to two entries.
constexpr std::size_t kPiece = 768 * kKiB;

std::uint64_t entry_bits(const FatBoot& boot) {
  return static_cast<std::uint64_t>(boot.kind);
}

Result<std::optional<FatBoot>> read_boot(const io::BlockSource& volume) {
  return FatBoot::decode(TRY(naming(read_padded(volume, 0, 512), "the boot sector")));
}

// Entry `index` of a piece of a FAT that starts with a whole entry.
std::uint32_t entry(const ByteReader& piece, Kind kind, std::size_t index) {
  switch (kind) {
    case Kind::fat12: {
      const std::uint16_t pair = piece.le16(index * 3 / 2);
      return index % 2 == 0 ? pair & 0xFFFu : pair >> 4;
    }
    case Kind::fat16:
      return piece.le16(index * 2);
    case Kind::fat32:
      return piece.le32(index * 4) & 0x0FFFFFFF;
  }
  return 0;
}

// Entry 1 tells on FAT16 and FAT32 whether the volume was unmounted and free of I/O errors.
struct Flags {
  bool clean = true;
  bool no_errors = true;
};

Flags flags_of(const FatBoot& boot, std::uint32_t second_entry) {
  if (boot.kind == Kind::fat12) return {(boot.state_byte & 1) == 0, true};
  const unsigned top = boot.kind == Kind::fat32 ? 27 : 15;
  return {(second_entry >> top & 1) != 0 && (boot.state_byte & 1) == 0,
          (second_entry >> (top - 1) & 1) != 0};
}

Result<Flags> read_flags(const io::BlockSource& volume, const FatBoot& boot) {
  const auto bytes = TRY(naming(read_padded(volume, boot.fat_offset(0), 8), "the FAT"));
  return flags_of(boot, entry(ByteReader(bytes), boot.kind, 1));
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
  if (boot.sectors * boot.sector_bytes > volume.geometry().bytes)
    return fail(
        doubt(std::format("it says that it has {} sectors of {} bytes, more than the volume",
                          boot.sectors, boot.sector_bytes)));
  if (boot.clusters == 0) return fail(doubt("it has no clusters"));
  if (boot.kind != Kind::fat32 && boot.clusters >= 65525)
    return fail(
        doubt(std::format("{} clusters are too many for the FAT that it has", boot.clusters)));
  const std::string_view told = trimmed(boot.kind_text);
  if ((told == "FAT12" || told == "FAT16" || told == "FAT32") && told != boot.name())
    return fail(doubt(std::format("it calls itself {} but its {} clusters make it {}", told,
                                  boot.clusters, boot.name())));
  if (boot.fat_bytes() * 8 / entry_bits(boot) < boot.clusters + 2)
    return fail(doubt(std::format("its FAT is too small for {} clusters", boot.clusters)));
  if (boot.kind != Kind::fat32) return {};
  if (boot.clusters > 0x0FFFFFF5) return fail(doubt("it has more clusters than FAT32 can have"));
  if (boot.version != 0)
    return fail(doubt(std::format("its FAT32 version {} is unknown", boot.version)));
  if ((boot.mirroring & 0x80) != 0)
    return fail(doubt("only one of its FATs is kept up to date, the others differ"));
  return {};
}

// Reads every copy of the FAT once, side by side, in pieces.
class FatReader {
 public:
  FatReader(const io::BlockSource& volume, const FatBoot& boot)
      : volume_(volume), boot_(boot), used_(volume.geometry().bytes) {}

  Result<void> run();

  Flags flags;
  std::uint64_t free = 0;
  bool root_used = false;
  UsedMap take() { return std::move(used_); }

 private:
  Result<std::vector<std::byte>> piece(std::uint64_t offset, std::size_t length) const;
  void map(Bytes bytes, std::uint64_t first, std::uint64_t end);

  const io::BlockSource& volume_;
  const FatBoot& boot_;
  UsedMap used_;
};

Result<void> FatReader::run() {
  const std::uint64_t entries = boot_.clusters + 2;
  const std::uint64_t bytes = div_ceil<std::uint64_t>(entries * entry_bits(boot_), 8);
  for (std::uint64_t at = 0; at < bytes; at += kPiece) {
    const auto fat = TRY(piece(at, std::min<std::uint64_t>(kPiece, bytes - at)));
    const std::uint64_t first = at * 8 / entry_bits(boot_);
    map(fat, first, std::min(entries, first + kPiece * 8 / entry_bits(boot_)));
  }
  return {};
}

Result<std::vector<std::byte>> FatReader::piece(std::uint64_t offset, std::size_t length) const {
  const auto copy = [&](std::uint32_t number) {
    return naming(io::read_bytes(volume_, boot_.fat_offset(number) + offset, length),
                  std::format("copy {} of the FAT", number + 1));
  };
  auto first = TRY(copy(0));
  for (std::uint32_t number = 1; number < boot_.fats; ++number) {
    const auto other = TRY(copy(number));
    const auto [a, b] = std::ranges::mismatch(first, other);
    if (a == first.end()) continue;
    const auto differs = static_cast<std::uint64_t>(a - first.begin());
    return fail(doubt(std::format("copies 1 and {} of its FAT differ (entry {})", number + 1,
                                  (offset + differs) * 8 / entry_bits(boot_))));
  }
  return first;
}

void FatReader::map(Bytes bytes, std::uint64_t first, std::uint64_t end) {
  const ByteReader piece(bytes);
  if (first == 0) flags = flags_of(boot_, entry(piece, boot_.kind, 1));
  for (std::uint64_t cluster = std::max<std::uint64_t>(first, 2); cluster < end; ++cluster) {
    if (entry(piece, boot_.kind, cluster - first) == 0) {
      ++free;
      continue;
    }
    if (cluster == boot_.root_cluster) root_used = true;
    used_.keep(boot_.cluster_offset(cluster), boot_.cluster_bytes());
  }
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_fat(const io::BlockSource& volume) {
  const auto boot = TRY(read_boot(volume));
  if (!boot) return std::nullopt;
  VolumeInfo info;
  info.filesystem = boot->name();
  info.label = TRY(root_label(volume, *boot));
  if (info.label.empty()) info.label = boot->label;
  if (boot->serial != 0)
    info.uuid = std::format("{:04X}-{:04X}", boot->serial >> 16, boot->serial & 0xFFFF);
  info.cluster = static_cast<std::uint32_t>(boot->cluster_bytes());
  info.total = boot->sectors * boot->sector_bytes;
  const auto free = TRY(recorded_free(volume, *boot));
  if (free && *free <= boot->clusters) {
    info.free = *free * boot->cluster_bytes();
    info.used = info.total - info.free;
  }
  const Flags flags = TRY(read_flags(volume, *boot));
  info.state = flags.clean && flags.no_errors ? VolumeState::clean : VolumeState::needs_check;
  return info;
}

Result<ExtentMap> used_fat(const io::BlockSource& volume) {
  const auto boot = TRY(read_boot(volume));
  if (!boot) return fail(doubt("its boot sector has gone"));
  TRY(check(volume, *boot));
  FatReader reader(volume, *boot);
  TRY(reader.run());

  if (!reader.flags.clean)
    return fail(doubt("it was not unmounted cleanly, so its FAT may be out of date"));
  if (!reader.flags.no_errors)
    return fail(doubt("the system that used it recorded read or write errors; it needs a check"));
  if (boot->kind == Kind::fat32 && !reader.root_used)
    return fail(doubt("its FAT calls the root directory free"));
  const auto recorded = TRY(recorded_free(volume, *boot));
  if (recorded && *recorded != reader.free)
    return fail(doubt(std::format("its FSInfo sector counts {} free clusters but its FAT has {}",
                                  *recorded, reader.free)));

  UsedMap used = reader.take();
  const std::uint64_t data = boot->data_sector() * boot->sector_bytes;
  const std::uint64_t end = boot->cluster_offset(boot->clusters + 2);
  used.keep(0, data);
  used.keep(end, volume.geometry().bytes - end);
  return std::move(used).take();
}

}  // namespace drydock::fs
