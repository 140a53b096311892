#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace drydock::sys {

// The commands that Drydock sends past the kernel's block layer, whose read-only flag does not hold
// there: each of them only asks the drive something.
enum class AtaQuestion : std::uint8_t {
  read_native_max,   // READ NATIVE MAX ADDRESS EXT (ATA8-ACS §7.35)
  identify_overlay,  // DEVICE CONFIGURATION IDENTIFY (ATA8-ACS §7.10.3)
  accessible_max,    // GET NATIVE MAX ADDRESS EXT (ACS-3 §7.2.2)
};

// The last sector that the drive could address if nothing hid it, or nothing where it refuses to
// say. `fd` is the open drive, behind a SCSI translation (SAT-3 §12.2.2). Ends in ten seconds at
// the latest.
Result<std::optional<std::uint64_t>> ask_last_sector(int fd, AtaQuestion question);

// What such an answer says: the ATA status return descriptor in sense data (SPC-4 §4.5.2, SAT-3
// §12.2.2.6).
std::optional<std::uint64_t> last_sector_in_sense(Bytes sense);
// And the 512 bytes of an overlay: words 3 to 6.
std::optional<std::uint64_t> last_sector_in_overlay(Bytes overlay);

}  // namespace drydock::sys
