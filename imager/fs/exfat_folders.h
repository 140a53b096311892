#pragma once

#include <functional>
#include <string>

#include "fs/exfat_volume.h"

namespace drydock::fs {

// What a folder entry says of where something lies (exFAT specification §7).
struct ExfatEntry {
  static constexpr std::size_t kBytes = 32;
  // Types with bit 7 set are in use; bit 6 marks secondary entries, bit 5 benign ones.
  enum Type : std::uint8_t {
    kEndOfFolder = 0x00,
    kBitmap = 0x81,
    kUpcase = 0x82,
    kLabel = 0x83,
    kFile = 0x85,
    kStream = 0xC0,
    kName = 0xC1,
  };
  enum class Kind { bitmap, upcase, label, file, folder };

  Kind kind = Kind::file;
  std::uint32_t first_cluster = 0;
  std::uint64_t length = 0;
  bool contiguous = false;  // its clusters follow each other and are not in the FAT
  std::uint8_t flags = 0;   // bitmap: bit 0 is set for the second one
  std::string label;
};

// Calls `visit` with every entry of one folder that is in use. A folder's length is UINT64_MAX when
// only its chain tells, as for the root. Fails on critical entries of unknown type, and with what
// `visit` fails with.
Result<void> each_entry(const io::BlockSource& volume, const ExfatBoot& boot, Window& fat,
                        const ExfatEntry& folder,
                        const std::function<Result<void>(const ExfatEntry&)>& visit);

// The root folder as such an entry.
ExfatEntry root_folder(const ExfatBoot& boot);

}  // namespace drydock::fs
