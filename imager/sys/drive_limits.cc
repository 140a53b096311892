#include "sys/drive_limits.h"

#include <algorithm>
#include <format>

#include "base/units.h"

namespace drydock::sys {
namespace {

constexpr std::uint64_t kSector =
    512;  // where sizes of what is hidden are told; only those drives have it

void add_password(const AtaSecurity& security, std::vector<std::string>& out) {
  if (security.locked)
    out.push_back(
        std::string(
            "It is locked with an ATA password: nothing on it can be read. Give the password in "
            "the "
            "firmware setup of the computer that set it, then come back without a power-off") +
        (security.expired ? "; after too many wrong ones, switch it off and on first" : ""));
  else if (security.password)
    out.push_back(
        "An ATA password is set and was given: it can be read until it loses power, and a drive "
        "that it is "
        "copied to will not have the password");
}

void add_hidden_end(const AtaIdentity& ata, const HiddenEnd& end, std::vector<std::string>& out) {
  const auto sentence = [&](std::string_view by, std::uint64_t sectors) {
    return std::format(
        "{} at its end are hidden by {}: they are not read and not part of an image. A maker's "
        "recovery system "
        "may be there; a drive that was made smaller on purpose looks the same",
        vendor_bytes((sectors - ata.sectors) * kSector), by);
  };
  if (end.native_sectors && *end.native_sectors > ata.sectors)
    out.push_back(sentence("a host protected area", *end.native_sectors));
  const std::uint64_t visible = std::max(ata.sectors, end.native_sectors.value_or(0));
  if (end.factory_sectors && *end.factory_sectors > visible)
    out.push_back(sentence("a device configuration overlay", *end.factory_sectors));
}

void add_opal(const OpalState& opal, std::vector<std::string>& out) {
  if (opal.locked && opal.shadow)
    out.push_back(
        "It encrypts itself (OPAL) and is locked: what can be read is the program that asks for "
        "the password, "
        "not the data. Start the computer from it once, give the password, and restart into "
        "Drydock "
        "without switching off");
  else if (opal.locked)
    out.push_back(
        "It encrypts itself (OPAL) and is locked: its data cannot be read. Unlock it in the "
        "firmware setup or "
        "with the program that locked it, and restart without switching off");
  else if (opal.enabled)
    out.push_back(
        "It encrypts itself (OPAL) and is unlocked until it loses power: an image of it is not "
        "encrypted");
}

}  // namespace

std::vector<std::string> drive_limits(const std::optional<AtaIdentity>& ata, const HiddenEnd& end,
                                      const std::optional<OpalState>& opal) {
  std::vector<std::string> out;
  if (ata && ata->security) add_password(*ata->security, out);
  if (ata) add_hidden_end(*ata, end, out);
  if (opal) add_opal(*opal, out);
  return out;
}

}  // namespace drydock::sys
