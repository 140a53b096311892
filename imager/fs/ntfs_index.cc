#include "fs/ntfs_index.h"

#include <algorithm>
#include <format>

#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

constexpr std::string_view kFolderIndex = "$I30";

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

class Listing {
 public:
  Listing(const NtfsVolume& volume, std::uint64_t folder, const NtfsVisit& visit)
      : volume_(volume), folder_(folder), visit_(visit) {}

  Result<void> run();

 private:
  Result<bool> blocks(std::size_t block_bytes);
  Result<bool> entries(Bytes node);

  std::unexpected<Error> damaged() const {
    return fail(doubt(std::format("the folder in file record {} is damaged", folder_)));
  }

  const NtfsVolume& volume_;
  std::uint64_t folder_;
  const NtfsVisit& visit_;
};

Result<void> Listing::run() {
  const NtfsStream root = TRY(volume_.stream(folder_, NtfsAttribute::kIndexRoot, kFolderIndex));
  constexpr std::size_t kHeader = 16;
  constexpr std::uint8_t kHasBlocks = 1;
  const ByteReader f(root.value);
  const std::size_t block_bytes = f.le32(8);
  const bool has_blocks = (f.u8(kHeader + 12) & kHasBlocks) != 0;
  if (!root.resident || !f.ok()) return damaged();
  const bool go_on = TRY(entries(Bytes(root.value).subspan(kHeader)));
  if (go_on && has_blocks) TRY(blocks(block_bytes));
  return {};
}

// The blocks that the index's own bitmap calls used.
Result<bool> Listing::blocks(std::size_t block_bytes) {
  constexpr std::uint64_t kLargestFolder = 256 * kMiB;
  constexpr std::uint64_t kPiece = 64 * kKiB;
  if (block_bytes < 512 || block_bytes > kPiece || kPiece % block_bytes != 0) return damaged();
  const NtfsStream all =
      TRY(volume_.stream(folder_, NtfsAttribute::kIndexAllocation, kFolderIndex));
  const NtfsStream map = TRY(volume_.stream(folder_, NtfsAttribute::kBitmap, kFolderIndex));
  const std::uint64_t count = all.size / block_bytes;
  if (all.size > kLargestFolder || map.size < count / 8 || map.size > kLargestFolder)
    return damaged();
  const auto bits = TRY(naming(volume_.read(map, 0, map.size), "a folder"));
  for (std::uint64_t at = 0; at + block_bytes <= all.size; at += kPiece) {
    const std::uint64_t length = std::min(kPiece, all.size - at);
    auto piece = TRY(naming(volume_.read(all, at, length), "a folder"));
    for (std::uint64_t inside = 0; inside + block_bytes <= length; inside += block_bytes) {
      const std::uint64_t number = (at + inside) / block_bytes;
      if (number / 8 >= bits.size()) return damaged();
      if (!bit_at(bits, number)) continue;
      const auto block = MutableBytes(piece).subspan(inside, block_bytes);
      TRY(apply_fixups(block, "INDX"));
      if (!TRY(entries(block.subspan(0x18)))) return false;
    }
  }
  return true;
}

// The entries behind an index header, up to the one that is marked as the last.
Result<bool> Listing::entries(Bytes node) {
  constexpr std::uint16_t kLast = 2;
  constexpr std::size_t kName = 0x52;
  const ByteReader f(node);
  std::size_t at = f.le32(0);
  for (;;) {
    const std::size_t length = f.le16(at + 8);
    const std::uint16_t flags = f.le16(at + 12);
    if (!f.ok() || length < 16) return damaged();
    if ((flags & kLast) != 0) return true;
    const std::string name =
        utf16le_to_utf8(f.bytes(at + kName, std::size_t{f.u8(at + kName - 2)} * 2));
    const auto file = NtfsReference::decode(f.le64(at));
    if (!f.ok()) return damaged();
    if (!visit_(name, file)) return false;
    at += length;
  }
}

}  // namespace

Result<void> list_folder(const NtfsVolume& volume, std::uint64_t folder, const NtfsVisit& visit) {
  return Listing(volume, folder, visit).run();
}

Result<std::optional<NtfsReference>> find_in_folder(const NtfsVolume& volume, std::uint64_t folder,
                                                    std::string_view name) {
  std::optional<NtfsReference> found;
  TRY(list_folder(volume, folder, [&](std::string_view entry, const NtfsReference& file) {
    if (same_name(entry, name)) found = file;
    return !found;
  }));
  return found;
}

}  // namespace drydock::fs
