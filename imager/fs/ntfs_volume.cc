#include "fs/ntfs_volume.h"

#include <algorithm>
#include <bit>
#include <format>

#include "base/checked.h"
#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"
#include "fs/trust.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kMostRuns = 1'000'000;

// A count of clusters, or a negative power of two in bytes.
std::uint32_t record_size(std::uint8_t code, std::uint32_t cluster) {
  const auto exponent = static_cast<unsigned>(-static_cast<std::int8_t>(code));
  if (code >= 0x80) return exponent < 17 ? 1u << exponent : 0;
  return code <= 64 ? cluster * code : 0;
}

struct ListEntry {
  std::uint32_t type = 0;
  std::string name;
  std::uint64_t first_vcn = 0;
  std::uint64_t record = 0;
};

Result<std::vector<ListEntry>> decode_list(Bytes list) {
  const ByteReader f(list);
  std::vector<ListEntry> entries;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t length = f.le16(at + 4);
    if (length < 26) return fail(doubt("an attribute list of it is damaged"));
    entries.push_back({f.le32(at),
                       utf16le_to_utf8(f.bytes(at + f.u8(at + 7), std::size_t{f.u8(at + 6)} * 2)),
                       f.le64(at + 8), f.le64(at + 16) & 0xFFFFFFFFFFFF});
    at += length;
  }
  if (!f.ok()) return fail(doubt("an attribute list of it is damaged"));
  return entries;
}

}  // namespace

std::optional<NtfsBoot> NtfsBoot::decode(Bytes sector) {
  const ByteReader f(sector);
  if (!f.equals(3, "NTFS    ") || f.le16(510) != 0xAA55) return std::nullopt;
  NtfsBoot boot;
  const std::uint32_t bytes = f.le16(0x0B);
  if (std::has_single_bit(bytes) && bytes >= 256 && bytes <= 4096) boot.sector_bytes = bytes;
  // Up to 128 sectors as they are; above, a negative power of two.
  const std::uint8_t code = f.u8(0x0D);
  const unsigned shift = 256u - code;
  if (code <= 0x80 && std::has_single_bit(code))
    boot.cluster_bytes = boot.sector_bytes * code;
  else if (code > 0x80 && shift <= 12)
    boot.cluster_bytes = boot.sector_bytes << shift;
  boot.sectors = f.le64(0x28);
  boot.mft = f.le64(0x30);
  boot.mft_mirror = f.le64(0x38);
  boot.record_bytes = record_size(f.u8(0x40), boot.cluster_bytes);
  boot.serial = f.le64(0x48);
  return boot;
}

Result<void> NtfsBoot::check(std::uint64_t volume_bytes) const {
  const auto damaged = [](std::string_view what) {
    return fail(doubt(std::format("its boot sector is damaged ({})", what)));
  };
  if (sector_bytes == 0) return damaged("sector size");
  if (cluster_bytes == 0 || cluster_bytes > 2 * kMiB) return damaged("cluster size");
  if (!std::has_single_bit(record_bytes) || record_bytes < 512 || record_bytes > 64 * kKiB)
    return damaged("file record size");
  TRY(must_fit(sectors, "sectors", sector_bytes, volume_bytes));
  if (clusters() == 0) return damaged("size");
  if (mft == 0 || mft >= clusters()) return damaged("master file table");
  if (mft_mirror == 0 || mft_mirror >= clusters()) return damaged("copy of the master file table");
  return {};
}

Result<NtfsVolume> NtfsVolume::open(const io::BlockSource& source) {
  const auto sector = TRY(naming(read_padded(source, 0, 512), "the boot sector"));
  const auto boot = NtfsBoot::decode(sector);
  if (!boot) return fail(doubt("its boot sector has gone"));
  TRY(boot->check(source.geometry().bytes));
  NtfsVolume volume(source, *boot);

  auto bytes =
      TRY(naming(io::read_bytes(source, boot->mft * boot->cluster_bytes, boot->record_bytes),
                 "the master file table"));
  TRY(naming(apply_fixups(bytes, "FILE"), "the master file table"));
  const NtfsRecord base(std::move(bytes));
  volume.mft_ = TRY(naming(volume.gather(nullptr, kMft, base, NtfsAttribute::kData, {}),
                           "the master file table"));
  if (volume.mft_.resident || volume.mft_.flags != 0 ||
      volume.mft_.initialised > volume.mft_.size || volume.mft_.size > source.geometry().bytes ||
      volume.records() < 16)
    return fail(doubt("its master file table is damaged"));
  return volume;
}

Result<NtfsRecord> NtfsVolume::record(std::uint64_t number) const {
  return record_in(mft_, number);
}

Result<NtfsRecord> NtfsVolume::record(const NtfsReference& file) const {
  NtfsRecord found = TRY(record(file.record));
  if (!found.in_use() || found.sequence() != file.sequence)
    return fail(doubt(std::format("it refers to a file in record {} that has gone", file.record)));
  return found;
}

Result<NtfsRecord> NtfsVolume::mirrored(std::uint64_t number) const {
  constexpr std::string_view kName = "the copy of the master file table";
  const std::uint64_t at = boot_.mft_mirror * boot_.cluster_bytes + number * boot_.record_bytes;
  auto bytes = TRY(naming(io::read_bytes(*source_, at, boot_.record_bytes), kName));
  TRY(naming(apply_fixups(bytes, "FILE"), kName));
  return NtfsRecord(std::move(bytes));
}

Result<NtfsRecord> NtfsVolume::record_in(const NtfsStream& mft, std::uint64_t number) const {
  const auto end = checked_mul<std::uint64_t>(number + 1, boot_.record_bytes);
  if (!end || *end > mft.initialised)
    return fail(doubt(std::format("it refers to file record {}, which does not exist", number)));
  const std::string name = std::format("file record {}", number);
  auto bytes = TRY(naming(read(mft, *end - boot_.record_bytes, boot_.record_bytes), name));
  TRY(naming(apply_fixups(bytes, "FILE"), name));
  return NtfsRecord(std::move(bytes));
}

Result<NtfsStream> NtfsVolume::stream(std::uint64_t file, NtfsAttribute::Type type,
                                      std::string_view name) const {
  const NtfsRecord base = TRY(record(file));
  if (!base.in_use()) return fail(doubt(std::format("file record {} is not in use", file)));
  return gather(&mft_, file, base, type, name);
}

Result<void> NtfsVolume::append(NtfsStream& stream, const NtfsAttribute& piece) const {
  if (piece.resident) {
    stream.resident = true;
    stream.value.assign(piece.value.begin(), piece.value.end());
    stream.size = stream.initialised = piece.value.size();
    return {};
  }
  const std::uint64_t next =
      stream.runs.empty() ? 0 : stream.runs.back().vcn + stream.runs.back().length;
  if (piece.first_vcn != next) return fail(doubt("a run list of it has a gap"));
  if (next == 0) {
    stream.flags = piece.flags;
    stream.size = piece.size;
    stream.initialised = piece.initialised;
  }
  const auto runs = TRY(piece.runs(boot_.clusters()));
  if (runs.size() > kMostRuns - stream.runs.size())
    return fail(doubt("a file of it lies in too many pieces"));
  stream.runs.insert(stream.runs.end(), runs.begin(), runs.end());
  return {};
}

// Without an `mft`, the stream that is being gathered is the master file table itself: its pieces
// are found through those before them.
Result<NtfsStream> NtfsVolume::gather(const NtfsStream* mft, std::uint64_t file,
                                      const NtfsRecord& base, NtfsAttribute::Type type,
                                      std::string_view name) const {
  NtfsStream stream;
  const auto attributes = TRY(base.attributes());
  const auto list = std::ranges::find(
      attributes, static_cast<std::uint32_t>(NtfsAttribute::kAttributeList), &NtfsAttribute::type);
  if (list == attributes.end()) {
    for (const NtfsAttribute& attribute : attributes) {
      if (attribute.type != type || attribute.name != name) continue;
      TRY(append(stream, attribute));
      return stream;
    }
    return fail(doubt(std::format("file record {} lacks an attribute", file)));
  }

  constexpr std::uint64_t kLongestList = 256 * kKiB;
  NtfsStream entries;
  TRY(append(entries, *list));
  if (entries.size > kLongestList) return fail(doubt("an attribute list of it is too long"));
  const auto bytes = TRY(read(entries, 0, entries.size));
  for (const ListEntry& entry : TRY(decode_list(bytes))) {
    if (entry.type != type || entry.name != name) continue;
    const NtfsRecord holder =
        entry.record == file ? base : TRY(record_in(mft != nullptr ? *mft : stream, entry.record));
    if (entry.record != file && (!holder.in_use() || holder.base() != file))
      return fail(doubt(std::format("file record {} does not belong to {}", entry.record, file)));
    bool found = false;
    for (const NtfsAttribute& attribute : TRY(holder.attributes())) {
      if (attribute.type != type || attribute.name != name ||
          attribute.first_vcn != entry.first_vcn)
        continue;
      TRY(append(stream, attribute));
      found = true;
      break;
    }
    if (!found) return fail(doubt(std::format("file record {} lacks an attribute", entry.record)));
  }
  if (stream.runs.empty() && !stream.resident)
    return fail(doubt(std::format("file record {} lacks an attribute", file)));
  return stream;
}

Result<std::vector<std::byte>> NtfsVolume::read(const NtfsStream& stream, std::uint64_t offset,
                                                std::size_t length) const {
  if (offset > stream.size || length > stream.size - offset)
    return fail(doubt("a file of it is shorter than it must be"));
  if (stream.resident)
    return std::vector(stream.value.begin() + static_cast<std::ptrdiff_t>(offset),
                       stream.value.begin() + static_cast<std::ptrdiff_t>(offset + length));
  std::vector<std::byte> bytes(length);
  const std::uint64_t end = std::min(offset + length, std::max(offset, stream.initialised));
  const std::uint64_t cluster = boot_.cluster_bytes;
  std::uint64_t at = offset;
  auto run = std::ranges::upper_bound(stream.runs, offset / cluster, {},
                                      [](const NtfsRun& r) { return r.vcn + r.length; });
  for (; at < end; ++run) {
    if (run == stream.runs.end()) return fail(doubt("a file of it lacks clusters"));
    const std::uint64_t inside = at - run->vcn * cluster;
    const std::uint64_t count = std::min(end - at, run->length * cluster - inside);
    if (!run->hole)
      TRY(source_->read_at(run->lcn * cluster + inside,
                           MutableBytes(bytes).subspan(at - offset, count)));
    at += count;
  }
  return bytes;
}

}  // namespace drydock::fs
