#include "disk/inner_tables.h"

#include <format>
#include <string>
#include <string_view>

#include "disk/layout_builder.h"
#include "disk/local_fault.h"

namespace drydock::disk {
namespace {

constexpr std::uint64_t kLabelOffset = 512;
constexpr std::uint32_t kLabelMagic = 0x82564557;
constexpr std::size_t kSecondMagic = 132;
constexpr std::size_t kLabelBytes = 136;

Result<bool> has_bsd_label(const io::BlockSource& disk, const Extent& partition) {
  if (partition.length < kLabelOffset + kLabelBytes) return false;
  const auto bytes = io::read_bytes(disk, partition.offset + kLabelOffset, kLabelBytes);
  if (!bytes && !local_fault(bytes.error())) return fail(bytes.error());
  if (!bytes) return false;
  const ByteReader label(*bytes);
  return label.le32(0) == kLabelMagic && label.le32(kSecondMagic) == kLabelMagic;
}

bool is_dynamic(const Partition& partition) {
  return partition.type_id == "0x42" || partition.type_id == "af9b60a0-1431-4f62-bc68-3311714a69ad";
}

void mark(Layout& layout, Partition& partition, std::string_view by) {
  const std::string what =
      partition.number == 0 ? "the disk" : std::format("partition {}", partition.number);
  // Every such partition tells its reason; the notes stay few.
  if (layout.notes.size() < LayoutBuilder::kMaxNotes)
    layout.notes.push_back(std::format("{} is divided further by {}; it is kept whole", what, by));
  if (partition.whole_reason.empty())
    partition.whole_reason = std::format("it is divided further by {}", by);
}

}  // namespace

Result<void> mark_divided(const io::BlockSource& disk, Layout& layout) {
  for (Partition& partition : layout.partitions) {
    if (partition.number != 0 && is_dynamic(partition))
      mark(layout, partition, "the database of a Windows dynamic disk");
    else if (TRY(has_bsd_label(disk, partition.extent)))
      mark(layout, partition, "a BSD disklabel");
  }
  return {};
}

}  // namespace drydock::disk
