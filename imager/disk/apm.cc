#include "disk/apm.h"

#include <algorithm>
#include <array>
#include <format>

#include "base/text.h"
#include "disk/layout_builder.h"
#include "disk/local_fault.h"
#include "disk/type_names.h"

namespace drydock::disk {
namespace {

constexpr std::uint32_t kSectorBytes = 512;
// Linux gives a disk at most 256 minor numbers; real maps have up to 63 entries.
constexpr std::uint32_t kMaxEntries = 256;
constexpr std::array<std::uint32_t, 4> kBlockSizes{512, 1024, 2048, 4096};

struct MapEntry {
  std::uint32_t entries = 0;  // in the whole map; every entry repeats it
  std::uint32_t first = 0;
  std::uint32_t blocks = 0;
  std::string name;
  std::string type;

  bool is_map() const { return type == "Apple_partition_map"; }
  bool is_free() const { return type == "Apple_Free" || type == "Apple_Void" || type.empty(); }
};

std::optional<MapEntry> parse_entry(Bytes bytes) {
  const ByteReader reader(bytes);
  if (!reader.equals(0, "PM")) return std::nullopt;
  return MapEntry{reader.be32(4), reader.be32(8), reader.be32(12), printable(reader.text(16, 32)),
                  printable(reader.text(48, 32))};
}

// Nothing where no entry stands or the medium cannot be read; an Error when the disk is gone.
Result<std::optional<MapEntry>> entry_at(const io::BlockSource& disk, std::uint64_t offset) {
  const auto bytes = io::read_bytes(disk, offset, kSectorBytes);
  if (bytes) return parse_entry(*bytes);
  if (!local_fault(bytes.error())) return fail(bytes.error());
  return std::optional<MapEntry>();
}

// The block size that the driver descriptor tells, if a map stands there; some discs have their map
// in blocks of 512 bytes all the same.
Result<std::optional<std::uint32_t>> block_size(const io::BlockSource& disk) {
  if (disk.geometry().bytes < std::uint64_t{2} * kSectorBytes)
    return std::optional<std::uint32_t>();
  const auto first = io::read_bytes(disk, 0, kSectorBytes);
  if (!first && !local_fault(first.error())) return fail(first.error());
  std::uint32_t told = 512;
  if (first) {
    const ByteReader reader(*first);
    if (!reader.equals(0, "ER")) return std::optional<std::uint32_t>();
    told = reader.be16(2);
  }
  if (std::ranges::contains(kBlockSizes, told) && TRY(entry_at(disk, told)))
    return std::optional(told);
  if (TRY(entry_at(disk, kSectorBytes))) return std::optional(kSectorBytes);
  return std::optional<std::uint32_t>();
}

void add(LayoutBuilder& builder, const MapEntry& entry, unsigned number) {
  if (entry.is_map()) builder.table_area(entry.first, entry.blocks);
  if (entry.is_map() || entry.is_free() || entry.blocks == 0) return;
  Partition partition;
  partition.number = number;
  partition.type_id = entry.type;
  partition.type = apm_type_name(entry.type);
  partition.name = entry.name;
  builder.partition(std::move(partition), entry.first, entry.blocks);
}

}  // namespace

Result<std::optional<Layout>> apm_layout(const io::BlockSource& disk) {
  const auto block = TRY(block_size(disk));
  if (!block) return std::optional<Layout>();
  const auto first = TRY(entry_at(disk, *block));
  if (!first) return std::optional<Layout>();
  LayoutBuilder builder(TableKind::apm, disk.geometry().bytes, *block);
  builder.table_area(0, 1);
  if (first->entries > kMaxEntries)
    builder.note(std::format("the Apple partition map claims {} entries; {} were looked at",
                             first->entries, kMaxEntries));
  const std::uint32_t entries = std::min(first->entries, kMaxEntries);
  builder.table_area(1, entries);
  for (std::uint32_t i = 1; i <= entries; ++i) {
    const auto entry = TRY(entry_at(disk, std::uint64_t{i} * *block));
    if (!entry) {
      builder.note(std::format("the Apple partition map breaks off at entry {} of {}", i, entries));
      break;
    }
    add(builder, *entry, i);
  }
  return std::optional(std::move(builder).finish());
}

}  // namespace drydock::disk
