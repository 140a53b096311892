#include "disk/gpt_layout.h"

#include <algorithm>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "disk/layout_builder.h"
#include "disk/type_names.h"

namespace drydock::disk {
namespace {

constexpr std::size_t kNameOffset = 56;
constexpr std::size_t kNameBytes = 72;

void add_partitions(LayoutBuilder& builder, const GptCopy& table) {
  for (std::uint32_t i = 0; i < table.header.entry_count; ++i) {
    const auto entry = gpt_entry(table, i);
    if (!entry) continue;
    if (entry->backwards()) {
      builder.note(std::format("partition {} ends before it begins and is left out", i + 1));
      continue;
    }
    Partition partition;
    partition.number = i + 1;
    partition.type_id = entry->type;
    partition.type = gpt_type_name(entry->type);
    partition.name = entry->name;
    partition.uuid = entry->uuid;
    // last == 2^64 - 1 would make the count wrap; the builder cuts it at the disk's end anyway.
    const std::uint64_t sectors = entry->last - entry->first;
    builder.partition(std::move(partition), entry->first,
                      sectors == UINT64_MAX ? sectors : sectors + 1);
  }
}

// Both copies, also the place of one that is damaged: its bytes are the table's.
void add_table_areas(LayoutBuilder& builder, const Gpt& gpt) {
  const std::uint64_t entries_sectors = gpt.table().header.entries_sectors(gpt.sector);
  builder.table_area(0, 1);
  builder.table_area(1, 1);
  builder.table_area(gpt.primary ? gpt.primary->header.entries_lba : 2, entries_sectors);
  builder.table_area(gpt.backup_lba, 1);
  if (gpt.backup)
    builder.table_area(gpt.backup->header.entries_lba,
                       gpt.backup->header.entries_sectors(gpt.sector));
  else if (gpt.backup_lba > entries_sectors)
    builder.table_area(gpt.backup_lba - entries_sectors, entries_sectors);
}

void note_copies(LayoutBuilder& builder, const Gpt& gpt) {
  if (!gpt.primary)
    builder.note(std::format("the primary GPT {}; its backup was used", gpt.primary_fault));
  if (!gpt.backup) builder.note(std::format("the backup GPT {}", gpt.backup_fault));
  if (gpt.overwritten)
    builder.note("something else stands where the primary GPT was: every partition is kept whole");
  if (gpt.backup && gpt.backup_lba != gpt.sectors - 1)
    builder.note(
        "the backup GPT is not at the end of the disk: the disk was larger or smaller once");
  if (gpt.primary && gpt.backup &&
      (gpt.primary->header.entries_crc != gpt.backup->header.entries_crc ||
       gpt.primary->header.disk_guid != gpt.backup->header.disk_guid))
    builder.note("the two copies of the GPT differ; the primary one was used");
}

void note_sectors(LayoutBuilder& builder, const Gpt& gpt, std::uint32_t own) {
  if (gpt.sector != own)
    builder.note(std::format("the GPT counts in sectors of {} bytes, the disk in sectors of {}",
                             gpt.sector, own));
}

void note_mbr(LayoutBuilder& builder, const BootRecord* mbr) {
  if (mbr == nullptr) {
    builder.note("the first sector cannot be read; the GPT was used");
    return;
  }
  const auto others = std::ranges::count_if(
      mbr->entries, [](const BootEntry& entry) { return !entry.empty() && !entry.protects_gpt(); });
  if (others > 0)
    builder.note(std::format("a hybrid MBR lists {} of its own; the GPT was used",
                             counted(static_cast<std::uint64_t>(others), "partition")));
}

}  // namespace

std::optional<GptEntry> gpt_entry(const GptCopy& table, std::uint32_t index) {
  const std::size_t at = std::size_t{index} * table.header.entry_bytes;
  const ByteReader reader(Bytes(table.entries).subspan(at, table.header.entry_bytes));
  const Bytes type = reader.bytes(0, 16);
  if (all_zero(type)) return std::nullopt;
  GptEntry entry;
  entry.type = guid_text(type);
  entry.uuid = guid_text(reader.bytes(16, 16));
  entry.first = reader.le64(32);
  entry.last = reader.le64(40);
  entry.name = printable(utf16le_to_utf8(reader.bytes(kNameOffset, kNameBytes)));
  return entry;
}

Layout gpt_layout(const io::BlockSource& disk, const Gpt& gpt, const BootRecord* mbr) {
  LayoutBuilder builder(TableKind::gpt, disk.geometry().bytes, gpt.sector);
  builder.id(guid_text(gpt.table().header.disk_guid));
  note_mbr(builder, mbr);
  note_sectors(builder, gpt, disk.geometry().logical_sector);
  note_copies(builder, gpt);
  add_table_areas(builder, gpt);
  add_partitions(builder, gpt.table());
  Layout layout = std::move(builder).finish();
  if (gpt.overwritten)
    for (Partition& partition : layout.partitions)
      partition.whole_reason = "something else stands where the primary GPT was";
  return layout;
}

}  // namespace drydock::disk
