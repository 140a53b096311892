#include "disk/inner_tables.h"

#include <algorithm>
#include <format>
#include <iterator>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "disk/bsd_label.h"
#include "disk/layout_builder.h"

namespace drydock::disk {
namespace {

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

// Linux looks into the four partitions of the boot record only, and numbers what it finds there
// behind all others.
bool may_be_divided(const Layout& layout, const Partition& partition) {
  return layout.table == TableKind::mbr && partition.number >= 1 && partition.number <= 4 &&
         partition.whole_reason.empty();
}

unsigned next_number(const Layout& layout) {
  unsigned next = 5;
  for (const Partition& partition : layout.partitions) next = std::max(next, partition.number + 1);
  return next;
}

void note(Layout& layout, std::string text) {
  if (layout.notes.size() < LayoutBuilder::kMaxNotes) layout.notes.push_back(std::move(text));
}

}  // namespace

Result<void> read_divided(const io::BlockSource& disk, Layout& layout) {
  std::vector<Partition> divided;  // by their place
  std::vector<Partition> parts;    // to be numbered by the number of what they are parts of
  std::vector<std::size_t> order(layout.partitions.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::size_t i) { return layout.partitions[i].number; });
  unsigned next = next_number(layout);
  for (const std::size_t i : order) {
    Partition& partition = layout.partitions[i];
    if (partition.number != 0 && is_dynamic(partition)) {
      mark(layout, partition, "the database of a Windows dynamic disk");
    } else if (auto label = TRY(read_bsd_label(disk, partition.extent, partition.type_id))) {
      if (label->partitions.empty() || !may_be_divided(layout, partition)) {
        mark(layout, partition, "a BSD disklabel");
      } else {
        note(layout,
             std::format("partition {} is divided further by a BSD disklabel", partition.number));
        layout.table_areas.add({partition.extent.offset + BsdLabel::kOffset, 512});
        for (Partition& part : label->partitions) {
          part.number = next++;
          parts.push_back(std::move(part));
        }
        continue;
      }
    }
    divided.push_back(std::move(partition));
  }
  divided.insert(divided.end(), std::make_move_iterator(parts.begin()),
                 std::make_move_iterator(parts.end()));
  std::ranges::sort(divided, {}, [](const Partition& part) { return part.extent.offset; });
  layout.partitions = std::move(divided);
  return {};
}

}  // namespace drydock::disk
