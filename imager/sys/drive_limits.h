#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sys/vpd.h"

namespace drydock::sys {

// What the drive itself answers when it is asked for what hides parts of it.
struct HiddenEnd {
  std::optional<std::uint64_t> native_sectors;   // without a host protected area (or its successor)
  std::optional<std::uint64_t> factory_sectors;  // without a device configuration overlay too
};

// A self-encrypting drive's answer (linux/sed-opal.h, struct opal_status).
struct OpalState {
  bool enabled = false;
  bool locked = false;
  bool shadow = false;  // a program that asks for the password stands where the first sectors are
};

// Sentences about what of the drive cannot be reached, and what to do; none where there is nothing
// to say.
std::vector<std::string> drive_limits(const std::optional<AtaIdentity>& ata, const HiddenEnd& end,
                                      const std::optional<OpalState>& opal);

}  // namespace drydock::sys
