#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "disk/gpt_header.h"
#include "io/block_source.h"

namespace drydock::disk {

// One intact copy of a GUID partition table: header and entries match their checksums.
struct GptCopy {
  GptHeader header;
  std::vector<std::byte> header_sector;
  std::vector<std::byte> entries;  // header.entries_bytes()
};

// Both copies of a disk's GPT, as far as they are intact.
struct Gpt {
  std::uint32_t sector = 512;  // the size of sector for which the table was written
  std::uint64_t sectors = 0;   // whole ones on the disk
  std::optional<GptCopy> primary;
  std::optional<GptCopy> backup;
  std::string primary_fault;  // why there is none: "is missing"
  std::string backup_fault;
  // Where the backup's header is, or should be.
  std::uint64_t backup_lba = 0;
  // Set when only the backup is intact and the primary's place holds something else than a damaged
  // or wiped table: another use of the disk may have begun there. Then nothing inside the
  // partitions may be taken for free.
  bool overwritten = false;

  bool intact() const { return primary || backup; }
  // The copy that counts. Requires intact().
  const GptCopy& table() const { return primary ? *primary : *backup; }
};

// Looks for a GPT written for sectors of the disk's own size, else of 512 or 4096 bytes (the file
// of a disk does not tell its sectors; some USB bridges change them). Without an intact copy the
// result says what is wrong. An Error only when the disk no longer answers.
Result<Gpt> find_gpt(const io::BlockSource& disk);

}  // namespace drydock::disk
