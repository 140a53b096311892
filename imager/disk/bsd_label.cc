#include "disk/bsd_label.h"

#include <format>

#include "base/checked.h"
#include "disk/local_fault.h"
#include "disk/type_names.h"

namespace drydock::disk {
namespace {

constexpr std::uint32_t kLabelMagic = 0x82564557;
constexpr std::uint32_t kSector = 512;
constexpr std::size_t kLabelBytes = 512;
constexpr std::size_t kSecondMagic = 132;
constexpr std::size_t kCount = 138;
constexpr std::size_t kLabelEntries = 148;
constexpr std::size_t kLabelEntryBytes = 16;
constexpr std::uint16_t kMostEntries = 16;
constexpr std::size_t kWholePartition = 2;  // "c"
constexpr std::string_view kFreeBsd = "0xa5";
constexpr std::string_view kOpenBsd = "0xa6";
constexpr std::string_view kNetBsd = "0xa9";

struct Entry {
  std::uint64_t first = 0;
  std::uint64_t sectors = 0;
  std::uint8_t type = 0;
};

// All 16-bit words up to the end of the entries, the checksum among them, cancel each other out.
bool is_intact(const ByteReader& label, std::uint16_t count) {
  std::uint16_t sum = 0;
  for (std::size_t at = 0; at < kLabelEntries + count * kLabelEntryBytes; at += 2)
    sum ^= label.le16(at);
  return sum == 0;
}

Entry entry_of(const ByteReader& label, std::size_t index, bool wide) {
  const std::size_t at = kLabelEntries + index * kLabelEntryBytes;
  Entry entry{label.le32(at + 4), label.le32(at), label.u8(at + 12)};
  if (!wide) return entry;
  // OpenBSD keeps 16 bits more of each where others have the size of a fragment.
  entry.first |= std::uint64_t{label.le16(at + 8)} << 32;
  entry.sectors |= std::uint64_t{label.le16(at + 10)} << 32;
  return entry;
}

// False when an entry lies in the partition only in part, or overlaps another one.
bool add(std::vector<Partition>& partitions, const Extent& whole, std::size_t index,
         const Entry& entry, std::uint64_t base) {
  const Extent extent{base + entry.first * kSector, entry.sectors * kSector};
  const Extent inside = intersection(extent, whole);
  if (inside == whole || inside.length == 0) return true;
  if (inside != extent) return false;
  for (const Partition& other : partitions)
    if (intersection(other.extent, extent).length != 0) return false;
  Partition partition;
  partition.extent = extent;
  partition.type_id = std::format("bsd 0x{:02x}", entry.type);
  partition.type = bsd_type_name(entry.type);
  partition.name = std::string(1, static_cast<char>('a' + index));
  partitions.push_back(std::move(partition));
  return true;
}

std::vector<Partition> partitions_of(const ByteReader& label, const Extent& whole,
                                     std::string_view type_id) {
  const std::uint16_t count = label.le16(kCount);
  if (type_id != kFreeBsd && type_id != kOpenBsd && type_id != kNetBsd) return {};
  if (count > kMostEntries || !is_intact(label, count) || label.le32(40) != kSector) return {};
  const bool wide = type_id == kOpenBsd && label.le16(114) != 0;
  // FreeBSD counts from the partition, the others from the start of the disk, as it once did, too.
  const bool relative = type_id == kFreeBsd && count > kWholePartition &&
                        entry_of(label, kWholePartition, false).first == 0;
  std::vector<Partition> partitions;
  for (std::size_t i = 0; i < count; ++i) {
    const Entry entry = entry_of(label, i, wide);
    if (entry.type == 0 || entry.sectors == 0) continue;
    if (!add(partitions, whole, i, entry, relative ? whole.offset : 0)) return {};
  }
  return partitions;
}

}  // namespace

Result<std::optional<BsdLabel>> read_bsd_label(const io::BlockSource& disk, const Extent& partition,
                                               std::string_view type_id) {
  if (partition.length < BsdLabel::kOffset + kLabelBytes) return std::nullopt;
  const auto bytes = io::read_bytes(disk, partition.offset + BsdLabel::kOffset, kLabelBytes);
  if (!bytes && !local_fault(bytes.error())) return fail(bytes.error());
  if (!bytes) return std::nullopt;
  const ByteReader label(*bytes);
  if (label.le32(0) != kLabelMagic || label.le32(kSecondMagic) != kLabelMagic) return std::nullopt;
  return BsdLabel{partitions_of(label, partition, type_id)};
}

}  // namespace drydock::disk
