// Looking into disk images with the tools of the system, not with ours: the witnesses of a round
// trip. Offsets and sizes are bytes. Everything throws std::runtime_error where a tool fails.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "support/files.h"

namespace drydock::test {

struct Partition {
  std::string name;  // of the GPT entry
  std::string type;  // GPT: the type's GUID, upper case; MBR: hex
  Range range;
};

// The partition table as sfdisk reads it.
std::vector<Partition> partitions(const std::filesystem::path& disk);

// The partition of that name; throws if there is none.
Partition partition_named(const std::filesystem::path& disk, const std::string& name);

// The parts of the disk that an ext2/3/4 filesystem at `volume` does not call free, as dumpe2fs
// lists them.
std::vector<Range> ext_used(const std::filesystem::path& disk, const Range& volume);

// The same for FAT32, from the first allocation table (Microsoft FAT specification, 4.1 and 6).
std::vector<Range> fat32_used(const std::filesystem::path& disk, const Range& volume);

// What a swap area needs to be one: its first page (a system that hibernated is another matter).
std::vector<Range> swap_used(const Range& volume);

// Both GPT areas of a disk with 512-byte sectors: the protective MBR, headers and entries at both
// ends.
std::vector<Range> gpt_areas(const std::filesystem::path& disk);

}  // namespace drydock::test
