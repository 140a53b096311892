#include "disk/layout_builder.h"

#include <algorithm>
#include <format>
#include <utility>

#include "base/checked.h"
#include "base/units.h"

namespace drydock::disk {

LayoutBuilder::LayoutBuilder(TableKind kind, std::uint64_t disk_bytes, std::uint32_t sector)
    : disk_bytes_(disk_bytes), sector_(sector) {
  layout_.table = kind;
}

Extent LayoutBuilder::bytes_of(std::uint64_t lba, std::uint64_t sectors,
                               bool& reaches_beyond) const {
  const std::uint64_t sector = sector_;
  const auto start = checked_mul(lba, sector);
  const auto length = checked_mul(sectors, sector);
  const auto end = start && length ? checked_add(*start, *length) : std::nullopt;
  reaches_beyond = !end || *end > disk_bytes_;
  if (!start || *start >= disk_bytes_) return {disk_bytes_, 0};
  return {*start, (reaches_beyond ? disk_bytes_ : *end) - *start};
}

void LayoutBuilder::table_area(std::uint64_t lba, std::uint64_t sectors) {
  bool beyond = false;
  layout_.table_areas.add(bytes_of(lba, sectors, beyond));
}

void LayoutBuilder::partition(Partition partition, std::uint64_t lba, std::uint64_t sectors) {
  bool beyond = false;
  partition.extent = bytes_of(lba, sectors, beyond);
  if (partition.extent.length == 0) {
    note(std::format("partition {} lies behind the end of the disk and is left out",
                     partition.number));
    return;
  }
  if (beyond) {
    partition.whole_reason = "it reaches beyond the end of the disk";
    note(std::format("partition {} reaches beyond the end of the disk: only {} of it are there",
                     partition.number, human_bytes(partition.extent.length)));
  }
  layout_.partitions.push_back(std::move(partition));
}

void LayoutBuilder::note(std::string text) {
  if (layout_.notes.size() < kMaxNotes)
    layout_.notes.push_back(std::move(text));
  else
    ++dropped_notes_;
}

void LayoutBuilder::unite_overlapping() {
  std::vector<Partition> united;
  for (Partition& next : layout_.partitions) {
    if (united.empty() || next.extent.offset >= united.back().extent.end()) {
      united.push_back(std::move(next));
      continue;
    }
    Partition& first = united.back();
    const bool inside = next.extent.end() <= first.extent.end();
    note(std::format("partition {} {} partition {}; the space of both is kept as one, whole",
                     next.number, inside ? "lies inside" : "overlaps", first.number));
    first.whole_reason = std::format("partition {} overlaps it", next.number);
    first.extent.length = std::max(first.extent.end(), next.extent.end()) - first.extent.offset;
  }
  layout_.partitions = std::move(united);
}

void LayoutBuilder::doubt_overlap_with_table() {
  // A partition may rightly start at sector 0: that of a hybrid ISO image does.
  const ExtentMap behind_start =
      layout_.table_areas.clipped({sector_, disk_bytes_ > sector_ ? disk_bytes_ - sector_ : 0});
  for (Partition& partition : layout_.partitions) {
    if (!behind_start.intersects(partition.extent)) continue;
    note(std::format("partition {} overlaps the partition table", partition.number));
    if (partition.whole_reason.empty()) partition.whole_reason = "it overlaps the partition table";
  }
}

Layout LayoutBuilder::finish() && {
  // The longest first among those that start together, so that it stands for what lies inside it.
  std::ranges::stable_sort(layout_.partitions, [](const Partition& a, const Partition& b) {
    return std::pair(a.extent.offset, b.extent.length) <
           std::pair(b.extent.offset, a.extent.length);
  });
  unite_overlapping();
  doubt_overlap_with_table();
  if (dropped_notes_ > 0)
    layout_.notes.push_back(std::format("and {} more of the kind", dropped_notes_));
  return std::move(layout_);
}

}  // namespace drydock::disk
