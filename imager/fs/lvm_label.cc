#include "fs/lvm_label.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "base/hash.h"
#include "base/text.h"
#include "base/units.h"
#include "fs/lvm_text.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kIdBytes = 32;
constexpr std::uint64_t kHeaderBytes = 512;  // of a metadata area
constexpr std::uint64_t kLargestText = 8 * kMiB;
constexpr std::size_t kMostAreas = 4;  // metadata areas; LVM makes two at most

// Extents up to one that begins at 0; false when the list runs out of the sector.
bool read_list(const ByteReader& f, std::size_t& at, std::vector<Extent>& into) {
  while (at + 16 <= f.size()) {
    const Extent extent{f.le64(at), f.le64(at + 8)};
    at += 16;
    if (extent.offset == 0) return true;
    into.push_back(extent);
  }
  return false;
}

LvmLabel decode(Bytes sector, std::uint64_t number) {
  const ByteReader f(sector);
  LvmLabel label;
  label.sector = number;
  label.checksum_matches = lvm_crc(sector.subspan(20)) == f.le32(16);
  const std::uint32_t header = f.le32(20);
  if (header < 32 || header > LvmLabel::kSector - kIdBytes - 8) return label;
  label.id = printable(f.text(header, kIdBytes));
  label.device_bytes = f.le64(header + kIdBytes);
  std::size_t at = header + kIdBytes + 8;
  label.complete = read_list(f, at, label.data) && read_list(f, at, label.metadata);
  if (!label.complete || at + 8 > f.size()) return label;
  label.extension = f.le32(at);
  label.flags = f.le32(at + 4);
  at += 8;
  if (label.extension != 0) label.complete = read_list(f, at, label.bootloader);
  return label;
}

bool inside(Extent extent, std::uint64_t bytes) {
  return extent.offset <= bytes && extent.length <= bytes - extent.offset;
}

// Where a text lies in its area, and the checksum it must have.
struct Location {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint32_t checksum = 0;
  std::uint32_t flags = 0;

  bool ignored() const { return (flags & 1) != 0; }
};

// Nothing when the area holds no text.
Result<std::optional<Location>> read_header(const io::BlockSource& volume, Extent area) {
  if (area.length < 2 * kHeaderBytes || !inside(area, volume.geometry().bytes))
    return lvm_damaged("a metadata area does not fit");
  const auto header = TRY(
      naming(io::read_bytes(volume, area.offset, kHeaderBytes), "the header of a metadata area"));
  const ByteReader f(header);
  if (!f.equals(4, " LVM2 x[5A%r0N*>")) return lvm_damaged("a metadata area without its header");
  if (lvm_crc(Bytes(header).subspan(4)) != f.le32(0))
    return lvm_damaged("the checksum of a header");
  if (f.le32(20) != 1)
    return fail(doubt(std::format("its LVM metadata has the unknown version {}", f.le32(20))));
  if (f.le64(24) != area.offset || f.le64(32) != area.length)
    return lvm_damaged("a metadata area that lies elsewhere");
  const Location found{f.le64(40), f.le64(48), f.le32(56), f.le32(60)};
  if (f.le64(64) != 0)
    return fail(doubt("a change of its volume group was begun and neither finished nor undone"));
  if (found.flags > 1) return lvm_damaged("unknown flags of a metadata area");
  if (found.offset == 0 && !found.ignored()) return std::nullopt;
  return found;
}

Result<std::string> read_text(const io::BlockSource& volume, Extent area, const Location& place) {
  const std::uint64_t ring = area.length - kHeaderBytes;
  if (place.length > kLargestText) return fail(doubt("its LVM metadata is larger than 8 MiB"));
  if (place.offset < kHeaderBytes || place.offset >= area.length || place.length > ring ||
      place.length == 0)
    return lvm_damaged("a text outside its area");
  std::string text(place.length, '\0');
  const MutableBytes bytes = std::as_writable_bytes(std::span(text));
  const std::uint64_t first = std::min(place.length, area.length - place.offset);
  const std::string_view name = "the text in a metadata area";
  TRY(naming(volume.read_at(area.offset + place.offset, bytes.first(first)), name));
  TRY(naming(volume.read_at(area.offset + kHeaderBytes, bytes.subspan(first)), name));
  if (lvm_crc(as_bytes(text)) != place.checksum) return lvm_damaged("the checksum of a text");
  return text;
}

}  // namespace

Result<std::optional<LvmLabel>> LvmLabel::read(const io::BlockSource& volume) {
  const auto bytes =
      TRY(naming(read_padded(volume, 0, std::size_t{kSectors} * kSector), "the LVM label"));
  std::optional<LvmLabel> first;
  unsigned labels = 0;
  for (std::uint64_t sector = 0; sector < kSectors; ++sector) {
    const Bytes here = Bytes(bytes).subspan(sector * kSector, kSector);
    const ByteReader f(here);
    if (!f.equals(0, "LABELONE") || f.le64(8) != sector || !f.equals(24, "LVM2 001")) continue;
    ++labels;
    if (!first) first = decode(here, sector);
  }
  if (first) first->labels = labels;
  return first;
}

Result<void> LvmLabel::check(std::uint64_t volume_bytes) const {
  if (!checksum_matches) return fail(doubt("its LVM label is damaged (checksum)"));
  if (labels > 1) return fail(doubt("it has more than one LVM label"));
  if (!complete || id.size() != kIdBytes || data.size() != 1 || metadata.size() > kMostAreas)
    return fail(doubt("its LVM label is damaged"));
  if (extension > 2)
    return fail(doubt(std::format("its LVM label has the unknown version {}", extension)));
  if ((flags & ~1u) != 0)
    return fail(
        doubt(std::format("its LVM label has flags that Drydock does not know (0x{:x})", flags)));
  if (device_bytes > volume_bytes)
    return fail(doubt(
        std::format("LVM says that it has {} bytes, but it has {}", device_bytes, volume_bytes)));
  if (metadata.empty())
    return fail(
        doubt("only other volumes of its group say what is in use: it has no LVM metadata "
              "of its own"));
  return {};
}

Result<std::string> read_lvm_metadata(const io::BlockSource& volume, const LvmLabel& label) {
  std::vector<std::string> copies;
  std::size_t ignored = 0;
  for (const Extent& area : label.metadata) {
    const auto place = TRY(read_header(volume, area));
    if (place && place->ignored())
      ++ignored;
    else
      copies.push_back(place ? TRY(read_text(volume, area, *place)) : std::string());
    if (copies.size() == 2) {
      if (copies[0] != copies[1]) return fail(doubt("its copies of the LVM metadata differ"));
      copies.pop_back();
    }
  }
  if (copies.empty())
    return fail(
        doubt("only other volumes of its group say what is in use: its own LVM metadata is "
              "not kept up to date"));
  if (ignored != 0 && copies[0].empty())
    return fail(doubt("one of its copies of the LVM metadata is empty"));
  return std::move(copies[0]);
}

std::uint32_t lvm_crc(Bytes bytes) {
  return crc32_raw(0xF597A6CF, bytes);
}

std::string lvm_uuid(std::string_view id) {
  if (id.size() != kIdBytes) return {};
  return std::format("{}-{}-{}-{}-{}-{}-{}", id.substr(0, 6), id.substr(6, 4), id.substr(10, 4),
                     id.substr(14, 4), id.substr(18, 4), id.substr(22, 4), id.substr(26));
}

}  // namespace drydock::fs
