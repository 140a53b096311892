#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/result.h"

namespace drydock::disk {

// The header of a GUID partition table (UEFI 2.10 §5.3.2, table 5.5). Places are LBAs in sectors of
// the size for which the table was written.
struct GptHeader {
  std::uint32_t header_bytes = 0;
  std::uint64_t own_lba = 0;
  std::uint64_t other_lba = 0;  // where the other copy's header is
  std::uint64_t first_usable = 0;
  std::uint64_t last_usable = 0;
  std::array<std::byte, 16> disk_guid{};
  std::uint64_t entries_lba = 0;
  std::uint32_t entry_count = 0;
  std::uint32_t entry_bytes = 0;
  std::uint32_t entries_crc = 0;

  std::uint64_t entries_bytes() const { return std::uint64_t{entry_count} * entry_bytes; }
  std::uint64_t entries_sectors(std::uint32_t sector) const;
};

inline constexpr std::uint32_t kGptHeaderBytes = 92;
inline constexpr std::uint32_t kGptEntryBytes = 128;
// A table of the usual 128 entries takes 16 KiB; what claims more than this is damage.
inline constexpr std::uint64_t kMaxGptEntriesBytes = std::uint64_t{4} << 20;

bool has_gpt_signature(Bytes sector);

// `sector`: the whole sector at `lba`. Checks the signature, both sizes, the header's CRC and that
// the header knows where it stands; an Error's `what` completes "the primary GPT …".
Result<GptHeader> parse_gpt_header(Bytes sector, std::uint64_t lba);

// Writes the fields into a sector that holds a header of this size and gives it a new CRC. Bytes
// that the fields do not cover stay.
void put_gpt_header(MutableBytes sector, const GptHeader& header);

}  // namespace drydock::disk
