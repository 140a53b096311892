#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace drydock::sys {

// What SCSI drives say about themselves in vital product data pages (SPC-4 §7.8), as sysfs shows
// them in binary files. Damaged or absent pages give empty answers.

// Page 80h: the serial number of the unit.
std::string vpd_serial(std::string_view page);

// Page 83h: the world wide name of the logical unit, "0x5000c500a1b2c3d4" or "eui.0025385…".
std::string vpd_wwn(std::string_view page);

// Its security feature set (ATA8-ACS §7.12.7.65, word 128).
struct AtaSecurity {
  bool password = false;  // one has been set
  bool locked = false;    // and not been given since power-on: reads fail
  bool frozen = false;    // until power-off no password can be given, set or removed
  bool expired = false;   // too many wrong ones since power-on

  bool operator==(const AtaSecurity&) const = default;
};

// What an ATA drive says in IDENTIFY DEVICE (ATA8-ACS §7.12).
struct AtaIdentity {
  std::string model;  // all 40 characters of it; SCSI has room for 16
  std::string serial;
  std::string wwn;  // empty if it has none
  bool serial_ata = false;
  std::optional<AtaSecurity> security;  // of drives that have it
  std::uint64_t sectors = 0;            // that can be addressed now, logical ones
  // Ways to hide the end of the drive that it knows: a host protected area, a device configuration
  // overlay, and what took the place of both (ACS-3).
  bool protected_area = false;
  bool overlay = false;
  bool accessible_max = false;

  bool operator==(const AtaIdentity&) const = default;
};

// Page 89h: IDENTIFY DEVICE data behind the SCSI translation (SAT-3 §10.3.5).
std::optional<AtaIdentity> vpd_ata(std::string_view page);

}  // namespace drydock::sys
