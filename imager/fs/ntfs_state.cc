#include "fs/ntfs_state.h"

#include <algorithm>

#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

// One of the two restart pages of the log.
struct Restart {
  std::uint64_t sequence = 0;
  bool clean = false;
};

std::optional<Restart> decode_restart(std::vector<std::byte> page) {
  if (!apply_fixups(page, "RSTR")) return std::nullopt;
  const ByteReader f(page);
  const std::size_t area = f.le16(24);
  const std::uint16_t major = f.le16(28);
  const std::uint16_t clients = f.le16(area + 12);
  const std::uint16_t flags = f.le16(area + 14);
  constexpr std::uint16_t kNoClient = 0xFFFF;
  constexpr std::uint16_t kVolumeIsClean = 2;
  Restart restart;
  restart.sequence = f.le64(area);
  // Version 2 is written while Windows has the volume in use; at its end it goes back to 1.
  restart.clean = major == 1 && (clients == kNoClient || (flags & kVolumeIsClean) != 0);
  return f.ok() ? std::optional(restart) : std::nullopt;
}

// `name` is in lower case.
bool same_name(std::string_view found, std::string_view name) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(found, name, {}, lower);
}

// The file that an index names so, from the entries behind an index header.
std::optional<std::uint64_t> find_entry(Bytes index, std::string_view name) {
  const ByteReader f(index);
  constexpr std::uint16_t kLast = 2;
  std::size_t at = f.le32(0);
  const std::size_t end = std::min<std::size_t>(f.le32(4), index.size());
  while (f.ok() && at < end && (f.le16(at + 12) & kLast) == 0) {
    const std::size_t characters = f.u8(at + 0x50);
    if (same_name(utf16le_to_utf8(f.bytes(at + 0x52, characters * 2)), name))
      return f.le64(at) & 0xFFFFFFFFFFFF;
    const std::size_t length = f.le16(at + 8);
    if (length < 16) break;
    at += length;
  }
  return std::nullopt;
}

// A file of the root folder. Reads every block of its index: there are few.
Result<std::optional<std::uint64_t>> find_in_root(const NtfsVolume& volume, std::string_view name) {
  const NtfsStream root = TRY(volume.stream(NtfsVolume::kRoot, NtfsAttribute::kIndexRoot, "$I30"));
  const ByteReader f(root.value);
  if (!root.resident || root.value.size() < 32) return fail(doubt("its root folder is damaged"));
  if (const auto found = find_entry(Bytes(root.value).subspan(16), name)) return found;

  const std::size_t block = f.le32(8);
  constexpr std::uint8_t kLarge = 1;
  if ((f.u8(16 + 12) & kLarge) == 0) return std::nullopt;
  if (block < 512 || block > 64 * kKiB) return fail(doubt("its root folder is damaged"));
  const NtfsStream blocks =
      TRY(volume.stream(NtfsVolume::kRoot, NtfsAttribute::kIndexAllocation, "$I30"));
  constexpr std::uint64_t kLargestFolder = 256 * kMiB;
  if (blocks.size > kLargestFolder) return fail(doubt("its root folder is too large to search"));
  for (std::uint64_t at = 0; at + block <= blocks.size; at += block) {
    auto bytes = TRY(naming(volume.read(blocks, at, block), "the root folder"));
    // Blocks that are not in use hold anything.
    if (!apply_fixups(bytes, "INDX")) continue;
    if (const auto found = find_entry(Bytes(bytes).subspan(0x18), name)) return found;
  }
  return std::nullopt;
}

}  // namespace

Result<NtfsFacts> read_facts(const NtfsVolume& volume) {
  const NtfsRecord record = TRY(volume.record(NtfsVolume::kVolume));
  NtfsFacts facts;
  for (const NtfsAttribute& attribute : TRY(record.attributes())) {
    const ByteReader f(attribute.value);
    if (attribute.type == NtfsAttribute::kVolumeName)
      facts.label = printable(utf16le_to_utf8(attribute.value));
    if (attribute.type != NtfsAttribute::kVolumeInformation) continue;
    facts.major = f.u8(8);
    facts.minor = f.u8(9);
    // Dirty, or chkdsk is at work on it.
    facts.dirty = (f.le16(10) & 0x4001) != 0;
    if (!f.ok()) return fail(doubt("its volume file is damaged"));
  }
  return facts;
}

Result<bool> log_is_clean(const NtfsVolume& volume) {
  const NtfsStream log = TRY(volume.stream(NtfsVolume::kLog, NtfsAttribute::kData));
  const auto first = TRY(naming(volume.read(log, 0, 4096), "the log"));
  // Emptied, by chkdsk or ntfs-3g.
  if (std::ranges::all_of(first, [](std::byte b) { return b == std::byte{0xFF}; })) return true;
  const auto second = TRY(naming(volume.read(log, 4096, 4096), "the log"));
  const auto a = decode_restart(first);
  const auto b = decode_restart(second);
  if (!a && !b) return false;
  if (a && b) return a->sequence >= b->sequence ? a->clean : b->clean;
  return a ? a->clean : b->clean;
}

Result<bool> is_hibernated(const NtfsVolume& volume) {
  const auto file = TRY(find_in_root(volume, "hiberfil.sys"));
  if (!file) return false;
  const NtfsStream memory = TRY(volume.stream(*file, NtfsAttribute::kData));
  if (memory.size < 4) return false;
  const auto mark = TRY(naming(volume.read(memory, 0, 4), "hiberfil.sys"));
  const ByteReader f(mark);
  return f.equals(0, "hibr") || f.equals(0, "HIBR");
}

}  // namespace drydock::fs
