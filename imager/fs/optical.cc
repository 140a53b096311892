#include "fs/optical.h"

#include <algorithm>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::uint64_t kSector = 2048;
constexpr std::uint64_t kFirst = 16 * kSector;  // of the volume recognition area

// ISO 9660 (ECMA-119 §8.4): the primary volume descriptor.
VolumeInfo decode_iso(const ByteReader& f) {
  VolumeInfo info;
  info.filesystem = "ISO 9660";
  info.label = printable(f.text(40, 32));
  info.cluster = f.le16(128);
  info.total = info.used = std::uint64_t{f.le32(80)} * info.cluster;
  info.state = VolumeState::clean;
  // The time of last modification, or else of creation, is all the identity that a disc has.
  for (const std::size_t at : {std::size_t{830}, std::size_t{813}}) {
    const std::string digits = f.text(at, 16);
    if (digits.size() != 16 || digits.find_first_not_of("0123456789") != std::string::npos ||
        digits.find_first_not_of('0') == std::string::npos)
      continue;
    info.uuid = std::format("{}-{}-{}-{}-{}-{}-{}", digits.substr(0, 4), digits.substr(4, 2),
                            digits.substr(6, 2), digits.substr(8, 2), digits.substr(10, 2),
                            digits.substr(12, 2), digits.substr(14, 2));
    break;
  }
  return info;
}

// A dstring of OSTA CS0 (UDF 2.60 §2.1.1): 8 or 16 bits a character, the length in the last byte.
std::string cs0_text(Bytes field) {
  const std::size_t length =
      std::min<std::size_t>(std::to_integer<std::size_t>(field.back()), field.size() - 1);
  if (length < 2) return {};
  const bool wide = field[0] == std::byte{16};
  std::vector<std::byte> units;
  for (std::size_t i = 1; i < length; i += wide ? 2 : 1) {
    units.push_back(wide ? field[std::min(i + 1, field.size() - 1)] : field[i]);
    units.push_back(wide ? field[i] : std::byte{0});
  }
  return printable(utf16le_to_utf8(units));
}

// The label and the identity, in the volume descriptors that the anchor in sector 256 points at
// (ECMA-167 3/10.1, 3/10.2, 3/10.6). Sectors are those of the medium.
Result<void> read_udf(const io::BlockSource& volume, VolumeInfo& info) {
  for (const std::uint64_t sector : {2048, 512, 4096}) {
    const auto anchor = TRY(read_padded(volume, 256 * sector, 512));
    const ByteReader a(anchor);
    if (a.le16(0) != 2 || a.le32(12) != 256) continue;
    const std::uint64_t count = std::min<std::uint64_t>(a.le32(16) / sector, 32);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto bytes = TRY(read_padded(volume, (a.le32(20) + i) * sector, 512));
      const ByteReader d(bytes);
      constexpr std::uint16_t kPrimary = 1;
      constexpr std::uint16_t kLogicalVolume = 6;
      if (d.le16(0) == kLogicalVolume) info.label = cs0_text(d.bytes(84, 128));
      if (d.le16(0) != kPrimary) continue;
      // The set's name begins with 16 unique hexadecimal digits (UDF 2.60 §2.2.2.5).
      const std::string set = cs0_text(d.bytes(72, 128)).substr(0, 16);
      if (set.find_first_not_of("0123456789abcdef") == std::string::npos) info.uuid = set;
    }
    return {};
  }
  return {};
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_optical(const io::BlockSource& volume) {
  std::optional<VolumeInfo> iso;
  bool udf = false;
  for (std::uint64_t i = 0; i < 64; ++i) {
    const auto bytes =
        TRY(naming(read_padded(volume, kFirst + i * kSector, kSector), "the volume descriptors"));
    const ByteReader f(bytes);
    const bool standard = f.equals(1, "CD001");
    if (standard && f.u8(0) == 1 && !iso) iso = decode_iso(f);
    if (f.equals(1, "NSR02") || f.equals(1, "NSR03")) udf = true;
    const bool extended = f.equals(1, "BEA01") || f.equals(1, "TEA01") || f.equals(1, "BOOT2") ||
                          f.equals(1, "NSR02") || f.equals(1, "NSR03");
    if (!standard && !extended) break;
  }
  if (!udf) return iso;
  VolumeInfo info = iso.value_or(VolumeInfo{});
  info.filesystem = iso ? "UDF and ISO 9660" : "UDF";
  TRY(naming(read_udf(volume, info), "the UDF descriptors"));
  return info;
}

}  // namespace drydock::fs
