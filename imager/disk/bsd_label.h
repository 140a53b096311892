#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "core/layout.h"
#include "io/block_source.h"

namespace drydock::disk {

// A BSD disklabel in the second sector of a partition (<sys/disklabel.h> of FreeBSD, NetBSD and
// OpenBSD on x86).
struct BsdLabel {
  static constexpr std::uint64_t kOffset = 512;

  // What it divides the partition into, without what spans all of it or lies elsewhere; names are
  // letters, numbers are 0. Empty when the label is damaged or not understood, or when what it says
  // cannot be: then only that there is one is sure.
  std::vector<Partition> partitions;
};

// `type_id` as in core/layout.h: it tells from where the label's sectors count. Nothing when there
// is no label; an Error only when the disk no longer answers.
Result<std::optional<BsdLabel>> read_bsd_label(const io::BlockSource& disk, const Extent& partition,
                                               std::string_view type_id);

}  // namespace drydock::disk
