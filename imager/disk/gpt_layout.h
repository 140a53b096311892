#pragma once

#include "core/layout.h"
#include "disk/boot_record.h"
#include "disk/gpt.h"
#include "io/block_source.h"

namespace drydock::disk {

// The partitions of an intact GPT (gpt.intact() is required), with notes about a damaged, missing
// or misplaced copy and about other partitions in `mbr`, the disk's first sector. Without one that
// could be read, `mbr` is null.
Layout gpt_layout(const io::BlockSource& disk, const Gpt& gpt, const BootRecord* mbr);

// One entry of a GPT, as it stands there (UEFI 2.10 §5.3.3, table 5.6).
struct GptEntry {
  std::string type;
  std::string uuid;
  std::string name;
  std::uint64_t first = 0;
  std::uint64_t last = 0;  // inclusive

  bool backwards() const { return last < first; }
};

// Entry number `index` from 0; nothing where it is unused.
std::optional<GptEntry> gpt_entry(const GptCopy& table, std::uint32_t index);

}  // namespace drydock::disk
