#include "fs/fat_table.h"

#include <algorithm>
#include <format>

#include "base/checked.h"

namespace drydock::fs {
namespace {

using Kind = FatBoot::Kind;

// Whole numbers of entries of every kind: 12 bits come three bytes to two entries.
constexpr std::size_t kPiece = 768 * kKiB;

// The entry that begins in the byte at `at`. Those of 12 bits come in pairs, and an odd one begins
// in the middle of it.
std::uint32_t entry(const ByteReader& piece, Kind kind, std::size_t at, bool odd) {
  switch (kind) {
    case Kind::fat12:
      return odd ? piece.le16(at) >> 4u : piece.le16(at) & 0xFFFu;
    case Kind::fat16:
      return piece.le16(at);
    case Kind::fat32:
      return piece.le32(at) & 0x0FFFFFFF;
  }
  return 0;
}

}  // namespace

FatTable::FatTable(const io::BlockSource& volume, const FatBoot& boot)
    : volume_(volume), boot_(boot) {
  const std::uint32_t first = boot.current_fat();
  const std::uint32_t end = boot.one_fat_alone() ? first + 1 : boot.fats;
  for (std::uint32_t copy = first; copy < end; ++copy)
    copies_.push_back({boot.fat_offset(copy), Window(volume, 64 * kKiB)});
}

std::uint32_t FatTable::end_mark() const {
  switch (boot_.kind) {
    case Kind::fat12:
      return 0xFF8;
    case Kind::fat16:
      return 0xFFF8;
    case Kind::fat32:
      return 0x0FFFFFF8;
  }
  return 0;
}

std::uint64_t FatTable::bytes() const {
  return div_ceil<std::uint64_t>((boot_.clusters + 2) * entry_bits(), 8);
}

Result<void> FatTable::map(UsedMap& used) {
  const std::uint64_t entries = boot_.clusters + 2;
  const bool hold = bytes() <= kMostHeld;
  for (std::uint64_t at = 0; at < bytes(); at += kPiece) {
    const auto fat = TRY(piece(at, std::min<std::uint64_t>(kPiece, bytes() - at)));
    const std::uint64_t first = at * 8 / entry_bits();
    map(fat, first, std::min(entries, first + kPiece * 8 / entry_bits()), used);
    if (hold) held_.append_range(fat);
  }
  return {};
}

Result<std::vector<std::byte>> FatTable::piece(std::uint64_t offset, std::size_t length) const {
  const auto copy = [&](std::uint32_t number) {
    return naming(io::read_bytes(volume_, boot_.fat_offset(number) + offset, length),
                  std::format("copy {} of the FAT", number + 1));
  };
  auto first = TRY(copy(0));
  for (std::uint32_t number = 1; number < boot_.fats; ++number) {
    const auto other = TRY(copy(number));
    const auto [a, b] = std::ranges::mismatch(first, other);
    if (a == first.end()) continue;
    const auto differs = static_cast<std::uint64_t>(a - first.begin());
    return fail(doubt(std::format("copies 1 and {} of its FAT differ (entry {})", number + 1,
                                  (offset + differs) * 8 / entry_bits())));
  }
  return first;
}

void FatTable::map(Bytes bytes, std::uint64_t first, std::uint64_t end, UsedMap& used) {
  const ByteReader piece(bytes);
  const std::uint32_t bad = end_mark() - 1;
  for (std::uint64_t cluster = std::max<std::uint64_t>(first, 2); cluster < end; ++cluster) {
    const std::uint32_t found =
        entry(piece, boot_.kind, (cluster - first) * entry_bits() / 8, cluster % 2 != 0);
    if (found == 0) {
      ++free_;
      continue;
    }
    if (found == bad) ++bad_;
    used.keep(boot_.cluster_offset(cluster), boot_.cluster_bytes());
  }
}

Result<std::uint32_t> FatTable::at(std::uint64_t cluster) {
  const std::uint64_t at = cluster * entry_bits() / 8;
  const std::size_t length = boot_.kind == Kind::fat32 ? 4 : 2;
  const bool held = at + length <= held_.size();
  const Bytes bytes =
      held ? Bytes(held_).subspan(at, length) : TRY(naming(any_copy(at, length), "the FAT"));
  return entry(ByteReader(bytes), boot_.kind, 0, cluster % 2 != 0);
}

// Many entries are asked for that lie in one sector: where a copy could not be read, it is not
// tried again for each of them.
Result<Bytes> FatTable::any_copy(std::uint64_t offset, std::size_t length) {
  const std::uint64_t sector = offset / 512;
  for (Copy& copy : copies_) {
    const bool last = &copy == &copies_.back();
    if (copy.lost == sector && !last) continue;
    auto bytes = copy.window.at(copy.offset + offset, length);
    if (bytes || last) return bytes;
    copy.lost = sector;
  }
  return fail(doubt("it has no FAT"));
}

Result<FatFlags> FatTable::flags() {
  const bool clean = (boot_.state_byte & 1) == 0;
  if (boot_.kind == Kind::fat12) return FatFlags{clean, true};
  const std::uint32_t second = TRY(at(1));
  const unsigned top = boot_.kind == Kind::fat32 ? 27 : 15;
  return FatFlags{clean && (second >> top & 1) != 0, (second >> (top - 1) & 1) != 0};
}

}  // namespace drydock::fs
