#include "fs/optical.h"

#include <format>

#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"
#include "fs/udf_volume.h"

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

// False when it is none.
bool note_descriptor(const ByteReader& f, OpticalKind& kind) {
  const bool standard = f.equals(1, "CD001");
  if (standard && f.u8(0) == 1 && !kind.iso) kind.iso = decode_iso(f);
  const bool udf = f.equals(1, "NSR02") || f.equals(1, "NSR03");
  kind.udf = kind.udf || udf;
  return standard || udf || f.equals(1, "BEA01") || f.equals(1, "TEA01") || f.equals(1, "BOOT2");
}

}  // namespace

Result<OpticalKind> optical_kind(const io::BlockSource& volume) {
  // Descriptors of 2048 bytes, each in a sector of its own where those are larger.
  for (const std::uint64_t step : {kSector, 2 * kSector, 4 * kSector, 8 * kSector, 16 * kSector}) {
    OpticalKind kind;
    for (std::uint64_t i = 0; i < 64; ++i) {
      const auto bytes =
          TRY(naming(read_padded(volume, kFirst + i * step, kSector), "the volume descriptors"));
      if (!note_descriptor(ByteReader(bytes), kind)) break;
    }
    if (kind.iso || kind.udf) return kind;
  }
  return OpticalKind{};
}

Result<void> add_udf(const io::BlockSource& volume, VolumeInfo& info) {
  const auto udf = TRY(UdfVolume::read(volume));
  if (!udf) return {};
  if (!udf->label.empty()) info.label = udf->label;
  if (!udf->uuid.empty()) info.uuid = udf->uuid;
  info.cluster = udf->block_bytes;
  info.total = udf->bytes_of(udf->partition_blocks);
  if (!udf->has_integrity) return {};
  info.state = udf->closed ? VolumeState::clean : VolumeState::dirty;
  if (udf->free_blocks <= udf->partition_blocks) info.free = udf->bytes_of(udf->free_blocks);
  info.used = info.total - info.free;
  return {};
}

Result<std::optional<VolumeInfo>> probe_optical(const io::BlockSource& volume) {
  OpticalKind kind = TRY(optical_kind(volume));
  if (!kind.iso || !kind.udf) return std::move(kind.iso);
  VolumeInfo info;
  TRY(add_udf(volume, info));
  // The sizes are those of the ISO 9660, which has all of the UDF in it.
  kind.iso->filesystem = "UDF and ISO 9660";
  if (!info.label.empty()) kind.iso->label = info.label;
  if (!info.uuid.empty()) kind.iso->uuid = info.uuid;
  return std::move(kind.iso);
}

}  // namespace drydock::fs
