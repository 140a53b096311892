#include "fs/ntfs_index.h"

#include <algorithm>
#include <bit>
#include <format>

#include "base/checked.h"
#include "base/text.h"
#include "base/units.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

constexpr std::string_view kFolderIndex = "$I30";
constexpr std::size_t kBlockHeader = 0x18;  // of a block of an index, before its entries

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, upper, upper);
}

// Names are sorted by their code units in upper case. Those of ASCII come before all others.
bool comes_before(std::string_view a, std::string_view b) {
  const auto unit = [](char c) { return static_cast<unsigned char>(upper(c)); };
  return std::ranges::lexicographical_compare(a, b, {}, unit, unit);
}

std::unexpected<Error> damaged(std::uint64_t folder) {
  return fail(doubt(std::format("the folder in file record {} is damaged", folder)));
}

struct Root {
  std::vector<std::byte> value;
  std::size_t block_bytes = 0;
  bool has_blocks = false;

  static constexpr std::size_t kHeader = 16;
  Bytes node() const { return Bytes(value).subspan(kHeader); }
};

Result<Root> read_root(const NtfsVolume& volume, std::uint64_t folder) {
  constexpr std::uint8_t kHasBlocks = 1;
  constexpr std::size_t kLargestBlock = 64 * kKiB;
  NtfsStream root = TRY(volume.stream(folder, NtfsAttribute::kIndexRoot, kFolderIndex));
  const ByteReader f(root.value);
  const std::size_t block_bytes = f.le32(8);
  const bool has_blocks = (f.u8(Root::kHeader + 12) & kHasBlocks) != 0;
  const bool sensible =
      block_bytes >= 512 && block_bytes <= kLargestBlock && std::has_single_bit(block_bytes);
  if (!root.resident || !f.ok() || (has_blocks && !sensible)) return damaged(folder);
  return Root{std::move(root.value), block_bytes, has_blocks};
}

struct Entry : NtfsName {              // of the last one: no name
  std::optional<std::uint64_t> child;  // the block with all names before this one
  bool last = false;
  std::size_t length = 0;
};

// The entry at that place of a node, nothing when it is damaged.
std::optional<Entry> entry_at(Bytes node, std::size_t at) {
  enum Flags : std::uint16_t { kHasChild = 1, kLast = 2 };
  constexpr std::size_t kName = 0x52;
  constexpr std::uint8_t kDos = 2;  // its kind stands before it
  const ByteReader f(node);
  Entry entry;
  entry.length = f.le16(at + 8);
  const std::uint16_t flags = f.le16(at + 12);
  entry.last = (flags & kLast) != 0;
  if (!f.ok() || entry.length < 16) return std::nullopt;
  if ((flags & kHasChild) != 0) entry.child = f.le64(at + entry.length - 8);
  if (!entry.last) {
    entry.file = NtfsReference::decode(f.le64(at));
    entry.is_short = f.u8(at + kName - 1) == kDos;
    entry.name = utf16le_to_utf8(f.bytes(at + kName, std::size_t{f.u8(at + kName - 2)} * 2));
  }
  return f.ok() ? std::optional(std::move(entry)) : std::nullopt;
}

class Listing {
 public:
  Listing(const NtfsVolume& volume, std::uint64_t folder, const NtfsVisit& visit)
      : volume_(volume), folder_(folder), visit_(visit) {}

  Result<void> run();

 private:
  Result<bool> blocks(std::size_t block_bytes);
  Result<bool> block(const NtfsStream& all, std::uint64_t at, std::size_t bytes);
  Result<bool> entries(Bytes node);

  const NtfsVolume& volume_;
  std::uint64_t folder_;
  const NtfsVisit& visit_;
};

Result<void> Listing::run() {
  const Root root = TRY(read_root(volume_, folder_));
  const bool go_on = TRY(entries(root.node()));
  if (go_on && root.has_blocks) TRY(blocks(root.block_bytes));
  return {};
}

// The blocks that the index's own bitmap calls used.
Result<bool> Listing::blocks(std::size_t block_bytes) {
  constexpr std::uint64_t kLargestFolder = 256 * kMiB;
  const NtfsStream all =
      TRY(volume_.stream(folder_, NtfsAttribute::kIndexAllocation, kFolderIndex));
  const NtfsStream map = TRY(volume_.stream(folder_, NtfsAttribute::kBitmap, kFolderIndex));
  const std::uint64_t count = all.size / block_bytes;
  if (all.size > kLargestFolder || map.size < count / 8 || map.size > kLargestFolder)
    return damaged(folder_);
  const auto bits = TRY(naming(volume_.read(map, 0, map.size), "a folder"));
  Result<void> whole;
  for (std::uint64_t number = 0; number < count; ++number) {
    if (number / 8 >= bits.size()) return damaged(folder_);
    if (!bit_at(bits, number)) continue;
    auto more = block(all, number * block_bytes, block_bytes);
    if (more && !*more) return false;
    if (!more && whole) whole = fail(std::move(more.error()));
  }
  TRY(whole);
  return true;
}

Result<bool> Listing::block(const NtfsStream& all, std::uint64_t at, std::size_t bytes) {
  auto block = TRY(naming(volume_.read(all, at, bytes), "a folder"));
  TRY(apply_fixups(block, "INDX"));
  return entries(Bytes(block).subspan(kBlockHeader));
}

// The entries behind an index header, up to the one that is marked as the last.
Result<bool> Listing::entries(Bytes node) {
  std::size_t at = ByteReader(node).le32(0);
  for (;;) {
    const auto entry = entry_at(node, at);
    if (!entry) return damaged(folder_);
    if (entry->last) return true;
    if (!visit_(*entry)) return false;
    at += entry->length;
  }
}

// Goes down an index to the place of a name.
class Descent {
 public:
  Descent(const NtfsVolume& volume, std::uint64_t folder, std::string_view name)
      : volume_(volume), folder_(folder), name_(name) {}

  Result<std::optional<NtfsReference>> run();

 private:
  // The first entry of a node that does not come before the name.
  Result<Entry> place_in(Bytes node) const;
  Result<std::vector<std::byte>> block(const NtfsStream& all, std::uint64_t number,
                                       std::size_t bytes) const;

  const NtfsVolume& volume_;
  std::uint64_t folder_;
  std::string_view name_;
};

Result<std::optional<NtfsReference>> Descent::run() {
  constexpr int kMostLevels = 16;
  const Root root = TRY(read_root(volume_, folder_));
  Entry entry = TRY(place_in(root.node()));
  std::optional<NtfsStream> all;
  for (int level = 0; level < kMostLevels; ++level) {
    if (!entry.last && same_name(entry.name, name_)) return entry.file;
    if (!entry.child) return std::nullopt;
    if (!root.has_blocks) break;
    if (!all) all = TRY(volume_.stream(folder_, NtfsAttribute::kIndexAllocation, kFolderIndex));
    const auto node = TRY(block(*all, *entry.child, root.block_bytes));
    entry = TRY(place_in(Bytes(node).subspan(kBlockHeader)));
  }
  return damaged(folder_);
}

Result<Entry> Descent::place_in(Bytes node) const {
  std::size_t at = ByteReader(node).le32(0);
  for (;;) {
    auto entry = entry_at(node, at);
    if (!entry) return damaged(folder_);
    if (entry->last || !comes_before(entry->name, name_)) return std::move(*entry);
    at += entry->length;
  }
}

// Blocks are numbered in clusters, or in 512 bytes where a cluster is larger than they are.
Result<std::vector<std::byte>> Descent::block(const NtfsStream& all, std::uint64_t number,
                                              std::size_t bytes) const {
  const std::uint64_t cluster = volume_.boot().cluster_bytes;
  const auto offset = checked_mul<std::uint64_t>(number, cluster <= bytes ? cluster : 512);
  if (!offset) return damaged(folder_);
  auto block = TRY(naming(volume_.read(all, *offset, bytes), "a folder"));
  TRY(apply_fixups(block, "INDX"));
  return block;
}

}  // namespace

Result<void> list_folder(const NtfsVolume& volume, std::uint64_t folder, const NtfsVisit& visit) {
  return Listing(volume, folder, visit).run();
}

Result<std::optional<NtfsReference>> find_in_folder(const NtfsVolume& volume, std::uint64_t folder,
                                                    std::string_view name) {
  std::optional<NtfsReference> found;
  TRY(list_folder(volume, folder, [&](const NtfsName& entry) {
    if (same_name(entry.name, name)) found = entry.file;
    return !found;
  }));
  return found;
}

Result<std::optional<NtfsReference>> look_up_in_folder(const NtfsVolume& volume,
                                                       std::uint64_t folder,
                                                       std::string_view name) {
  return Descent(volume, folder, name).run();
}

}  // namespace drydock::fs
