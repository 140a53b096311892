#include "fs/ntfs_state.h"

#include <algorithm>

#include "base/text.h"
#include "fs/ntfs_index.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kRestartPage = 4096;

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

bool never_written(Bytes page) {
  return std::ranges::all_of(page, [](std::byte b) { return b == std::byte{0xFF}; });
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
    facts.flags = f.le16(10);
    if (!f.ok()) return fail(doubt("its volume file is damaged"));
  }
  return facts;
}

Result<bool> log_is_clean(const NtfsVolume& volume) {
  const NtfsStream log = TRY(volume.stream(NtfsVolume::kLog, NtfsAttribute::kData));
  const auto first = TRY(naming(volume.read(log, 0, kRestartPage), "the log"));
  const auto second = TRY(naming(volume.read(log, kRestartPage, kRestartPage), "the log"));
  // Emptied, by chkdsk or ntfs-3g.
  if (never_written(first) && never_written(second)) return true;
  const auto a = decode_restart(first);
  const auto b = decode_restart(second);
  // They are written in turns. One that is damaged may have been on its way when power went.
  if ((!a && !never_written(first)) || (!b && !never_written(second))) return false;
  if (a && b && a->sequence == b->sequence) return a->clean && b->clean;
  if (a && (!b || a->sequence > b->sequence)) return a->clean;
  return b->clean;
}

Result<bool> is_hibernated(const NtfsVolume& volume) {
  const auto file = TRY(find_in_folder(volume, NtfsVolume::kRoot, "hiberfil.sys"));
  if (!file) return false;
  TRY(volume.record(*file));
  const NtfsStream memory = TRY(volume.stream(file->record, NtfsAttribute::kData));
  if (memory.size < 4) return false;
  const auto mark = TRY(naming(volume.read(memory, 0, 4), "hiberfil.sys"));
  const ByteReader f(mark);
  // Set back when Windows woke up. Anything else is memory, or on its way to or from it.
  return !all_zero(mark) && !f.equals(0, "wake") && !f.equals(0, "WAKE");
}

}  // namespace drydock::fs
