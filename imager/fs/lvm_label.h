#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "core/extent.h"
#include "io/block_source.h"

namespace drydock::fs {

// The label of an LVM2 physical volume, in one of its first four sectors of 512 bytes, and the
// header behind it (LVM2, lib/format_text/layout.h and lib/label/label.h).
struct LvmLabel {
  static constexpr std::uint64_t kSector = 512;
  static constexpr std::uint64_t kSectors = 4;  // that may hold it

  std::uint64_t sector = 0;
  std::string id;  // 32 characters, without dashes
  std::uint64_t device_bytes = 0;
  std::vector<Extent> data;  // length 0: to the end
  std::vector<Extent> metadata;
  std::uint32_t extension = 0;  // version of the header's extension, 0: it has none
  std::uint32_t flags = 0;
  std::vector<Extent> bootloader;
  bool checksum_matches = false;
  bool complete = false;  // all lists end inside the sector
  unsigned labels = 0;    // sectors that look like a label

  bool belongs_to_group() const { return (flags & 1) != 0; }

  // The first one there is. Nothing but its magic numbers is checked.
  static Result<std::optional<LvmLabel>> read(const io::BlockSource& volume);

  // Fails with the reason when it is damaged, of an unknown version, or does not fit the volume.
  Result<void> check(std::uint64_t volume_bytes) const;
};

// The text of the volume group that uses the volume, empty when none does. Reads every metadata
// area: each has a header, and behind it a ring in which the newest text may run around the end
// (LVM2, lib/format_text/format-text.c). Fails when any is damaged, when two are not equal, or when
// none of them is kept up to date.
Result<std::string> read_lvm_metadata(const io::BlockSource& volume, const LvmLabel& label);

// CRC-32 from LVM's own initial value, not inverted.
std::uint32_t lvm_crc(Bytes bytes);

// A UUID as LVM prints it, 6-4-4-4-4-4-6.
std::string lvm_uuid(std::string_view id);

}  // namespace drydock::fs
