#include "fs/raid.h"

#include <format>

#include "base/checked.h"
#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::uint32_t kRaidMagic = 0xA92B4EFC;

// Superblocks of version 1 say where they are, so a leftover at another place does not count.
struct Place {
  std::string_view version;
  std::uint64_t offset;
};

Result<std::optional<VolumeInfo>> probe_version_1(const io::BlockSource& volume, Place place) {
  const auto bytes = TRY(naming(read_padded(volume, place.offset, 512), "the RAID superblock"));
  const ByteReader f(bytes);
  if (f.le32(0) != kRaidMagic || f.le32(4) != 1 || f.le64(144) != place.offset / 512)
    return std::nullopt;
  VolumeInfo info;
  info.filesystem = std::format("Linux RAID {}", place.version);
  info.uuid = uuid_text(f.bytes(16, 16));
  info.label = printable(f.text(32, 32));
  return info;
}

Result<std::optional<VolumeInfo>> probe_version_0(const io::BlockSource& volume,
                                                  std::uint64_t offset) {
  const auto bytes = TRY(naming(read_padded(volume, offset, 4096), "the RAID superblock"));
  const ByteReader f(bytes);
  const bool little = f.le32(0) == kRaidMagic && f.le32(4) == 0;
  const bool big = f.be32(0) == kRaidMagic && f.be32(4) == 0;
  if (!little && !big) return std::nullopt;
  VolumeInfo info;
  info.filesystem = "Linux RAID 0.90";
  const auto word = [&](std::size_t at) { return little ? f.le32(at) : f.be32(at); };
  info.uuid = std::format("{:08x}:{:08x}:{:08x}:{:08x}", word(20), word(52), word(56), word(60));
  return info;
}

}  // namespace

Result<std::optional<VolumeInfo>> probe_mdraid(const io::BlockSource& volume) {
  const std::uint64_t size = volume.geometry().bytes;
  if (size < 128 * kKiB) return std::nullopt;
  const std::uint64_t tail = round_down<std::uint64_t>(size / 512 - 16, 8) * 512;
  for (const Place place : {Place{"1.1", 0}, Place{"1.2", 4096}, Place{"1.0", tail}})
    if (auto info = TRY(probe_version_1(volume, place))) return info;
  return probe_version_0(volume, round_down(size, 64 * kKiB) - 64 * kKiB);
}

Result<std::optional<VolumeInfo>> probe_firmware_raid(const io::BlockSource& volume) {
  const std::uint64_t size = volume.geometry().bytes;
  if (size < 128 * kKiB) return std::nullopt;
  const std::uint32_t sector = volume.geometry().logical_sector;
  const auto bytes =
      TRY(naming(read_padded(volume, size - 2 * std::uint64_t{sector}, std::size_t{2} * sector),
                 "the RAID header"));
  const ByteReader f(bytes);
  VolumeInfo info;
  if (f.equals(0, "Intel Raid ISM Cfg Sig. "))
    info.filesystem = "Intel RAID";
  else if (f.be32(sector) == 0xDE11DE11 || f.le32(sector) == 0xDE11DE11)
    info.filesystem = "DDF RAID";
  else
    return std::nullopt;
  return info;
}

}  // namespace drydock::fs
