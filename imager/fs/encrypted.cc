#include "fs/encrypted.h"

#include <format>

#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

VolumeInfo luks_info(const ByteReader& f) {
  VolumeInfo info;
  info.filesystem = std::format("LUKS{}", f.be16(6));
  info.uuid = printable(f.text(168, 40));
  if (f.be16(6) == 2) info.label = printable(f.text(24, 48));
  return info;
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_luks(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 0, 512), "the LUKS header"));
  const ByteReader f(bytes);
  if (f.equals(0, "LUKS\xba\xbe") && (f.be16(6) == 1 || f.be16(6) == 2)) return luks_info(f);
  // LUKS2 has a second header behind the first, at one of these places by the first one's size.
  for (std::uint64_t at = 16 * kKiB; at <= 4 * kMiB; at *= 2) {
    const auto copy = TRY(naming(read_padded(volume, at, 512), "the LUKS header"));
    const ByteReader second(copy);
    if (second.equals(0, "SKUL\xba\xbe") && second.be16(6) == 2 && second.be64(256) == at)
      return luks_info(second);
  }
  return std::nullopt;
}

Result<std::optional<VolumeInfo>> probe_bitlocker(const io::BlockSource& volume) {
  const auto bytes = TRY(naming(read_padded(volume, 0, 512), "the boot sector"));
  const ByteReader f(bytes);
  // On removable media the boot sector is that of a FAT volume, and a GUID tells.
  const bool to_go = f.equals(3, "MSWIN4.1") &&
                     guid_text(f.bytes(424, 16)) == "4967d63b-2e29-4ad8-8399-f6a339e3d001";
  if (!f.equals(3, "-FVE-FS-") && !to_go) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "BitLocker";
  return info;
}

}  // namespace drydock::fs
