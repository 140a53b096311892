// Partition tables written into a disk in memory, field by field from the specifications: a witness
// that shares no code with the readers under test.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/layout.h"
#include "io/memory_disk.h"

namespace drydock::disk::test {

inline constexpr std::string_view kLinuxGuid = "0fc63daf-8483-4772-8e79-3d69d8477de4";
inline constexpr std::string_view kEfiGuid = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";

// Places are LBAs.
struct GptPart {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::string_view type = kLinuxGuid;
  std::string_view name = "";  // ASCII
};

struct GptSpec {
  std::uint32_t sector = 512;
  std::uint32_t entry_count = 128;
  std::uint32_t entry_bytes = 128;
  std::vector<GptPart> parts;
};

// Both copies and a protective MBR.
void put_gpt(io::MemoryDisk& disk, const GptSpec& spec);

// A disk of kSectors with these partitions.
inline constexpr std::uint64_t kSectors = 4096;
inline const std::vector<GptPart> kGptParts{{40, 1039, kEfiGuid, "boot"},
                                            {1040, 3000, kLinuxGuid, "root"}};
io::MemoryDisk with_gpt();

struct MbrPart {
  unsigned type = 0x83;
  std::uint32_t first = 0;
  std::uint32_t sectors = 0;
  unsigned flag = 0;
};

// A boot record at `lba`; entries that are not given are zero.
void put_mbr(io::MemoryDisk& disk, std::uint64_t lba, const std::vector<MbrPart>& parts,
             std::uint32_t signature = 0, std::uint32_t sector = 512);

struct ApmPart {
  std::string_view type;
  std::string_view name;
  std::uint32_t first = 0;
  std::uint32_t blocks = 0;
};

// Driver descriptor and map.
void put_apm(io::MemoryDisk& disk, const std::vector<ApmPart>& parts, std::uint32_t block = 512);

// The start of a FAT16 filesystem (boot sector only).
void put_fat_boot_sector(io::MemoryDisk& disk, std::uint64_t offset = 0);

// Overwrites with a byte.
void scribble(io::MemoryDisk& disk, std::uint64_t offset, std::uint64_t length, unsigned byte);

// "number:first+sectors" of each partition, in sectors of 512 bytes, separated by blanks.
std::string outline(const Layout& layout);
// The notes, one a line.
std::string notes(const Layout& layout);

}  // namespace drydock::disk::test
