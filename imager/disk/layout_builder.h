#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/layout.h"

namespace drydock::disk {

// Collects what a partition table says, in the table's own words, and makes of it a Layout that
// keeps the promises of core/layout.h. A contradiction never costs bytes: what is in no partition
// is kept as a gap, and a partition that is in doubt gets a whole_reason and a note.
class LayoutBuilder {
 public:
  // `sector`: bytes a sector in the numbers that the table holds.
  LayoutBuilder(TableKind kind, std::uint64_t disk_bytes, std::uint32_t sector);

  void id(std::string text) { layout_.id = std::move(text); }

  // Sectors of the table itself; what lies beyond the end of the disk is left out.
  void table_area(std::uint64_t lba, std::uint64_t sectors);

  // `partition.extent` is set from the sectors. A partition beyond the end of the disk is cut there
  // or left out, with a note.
  void partition(Partition partition, std::uint64_t lba, std::uint64_t sectors);

  // At most kMaxNotes are kept; the rest is counted.
  void note(std::string text);

  // Sorts, and unites partitions that overlap into one that is kept whole.
  Layout finish() &&;

  static constexpr std::size_t kMaxNotes = 20;

 private:
  // Bytes on the disk, cut at its end; `reaches_beyond` tells whether something was cut.
  Extent bytes_of(std::uint64_t lba, std::uint64_t sectors, bool& reaches_beyond) const;
  void unite_overlapping();
  void doubt_overlap_with_table();

  Layout layout_;
  std::uint64_t disk_bytes_;
  std::uint32_t sector_;
  std::size_t dropped_notes_ = 0;
};

}  // namespace drydock::disk
