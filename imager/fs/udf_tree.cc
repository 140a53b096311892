#include "fs/udf_tree.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "base/units.h"

namespace drydock::fs {
namespace {

constexpr std::uint64_t kMostFolderBytes = 16 * kMiB;
constexpr std::size_t kMostFolderRuns = std::size_t{1} << 16;

// Kinds of allocation descriptors (ECMA-167 4/14.6.8) and of extents (4/14.14.1.1).
enum Descriptors : unsigned { kShort = 0, kLong = 1, kInside = 3 };
enum ExtentKind : unsigned { kRecorded = 0, kNotRecorded = 1, kNotAllocated = 2, kContinued = 3 };

}  // namespace

Result<void> UdfTree::check() {
  TRY(check_file_set());
  while (!folders_.empty() || !files_.empty()) {
    auto& from = folders_.empty() ? files_ : folders_;
    const std::uint32_t block = from.back();
    from.pop_back();
    TRY(check_entry(block));
  }
  return {};
}

Result<void> UdfTree::check_file_set() {
  const UdfAddress at = udf_.file_set;
  const auto bytes = TRY(read(at.block, udf_.block_bytes, "the UDF file set"));
  if (at.partition != 0 || !is_udf(bytes, UdfTag::file_set, at.block))
    return fail(doubt("its file set descriptor is damaged"));
  TRY(claim(at.block, at.length));
  const ByteReader f(bytes);
  if (udf_address(f, 448).length != 0) return fail(doubt("it has several file sets"));
  enqueue(udf_address(f, 400), true);
  enqueue(udf_address(f, 464), true);
  return {};
}

void UdfTree::enqueue(const UdfAddress& entry, bool folder) {
  if (entry.length == 0 || seen_.size() >= kMostEntries) return;
  if (!seen_.insert(entry.block).second) return;
  (folder ? folders_ : files_).push_back(entry.block);
}

Result<void> UdfTree::check_entry(std::uint32_t block) {
  TRY(claim(block, udf_.block_bytes));
  const Entry entry = TRY(read_entry(block));
  if (entry.folder) return read_folder(entry);
  return {};
}

Result<UdfTree::Entry> UdfTree::read_entry(std::uint32_t block) {
  const auto bytes = TRY(read(block, udf_.block_bytes, "a UDF file entry"));
  const bool extended = is_udf(bytes, UdfTag::extended_file_entry, block);
  if (!extended && !is_udf(bytes, UdfTag::file_entry, block))
    return fail(
        doubt(std::format("the file entry in block {} of its partition is damaged", block)));
  const ByteReader f(bytes);
  constexpr std::uint16_t kDirectStrategy = 4;
  if (f.le16(20) != kDirectStrategy)
    return fail(doubt(std::format("it has file entries of strategy {}", f.le16(20))));
  Entry entry;
  const std::uint8_t type = f.u8(27);
  constexpr std::uint8_t kFolder = 4;
  constexpr std::uint8_t kStreams = 13;
  entry.folder = type == kFolder || type == kStreams;
  entry.length = f.le64(56);
  enqueue(udf_address(f, extended ? 136 : 112), false);
  if (extended) enqueue(udf_address(f, 152), true);

  const std::size_t head = extended ? 216 : 176;
  const std::uint64_t attributes = f.le32(head - 8);
  const std::uint64_t length = f.le32(head - 4);
  if (head + attributes + length > bytes.size())
    return fail(doubt(std::format("the file entry in block {} does not fit into it", block)));
  const Bytes descriptors = Bytes(bytes).subspan(head + attributes, length);
  const unsigned kind = f.le16(34) & 7u;
  if (kind == kInside) {
    entry.inside.assign(descriptors.begin(), descriptors.end());
    return entry;
  }
  TRY(read_runs(entry, descriptors, kind));
  return entry;
}

Result<void> UdfTree::read_runs(Entry& entry, Bytes bytes, unsigned kind) {
  if (kind != kShort && kind != kLong)
    return fail(doubt("it has allocation descriptors of a kind that Drydock does not know"));
  const std::size_t width = kind == kShort ? 8 : 16;
  std::vector<std::byte> held(bytes.begin(), bytes.end());
  while (true) {
    std::optional<UdfAddress> next;
    const ByteReader f(held);
    for (std::size_t at = 0; at + width <= held.size() && !next; at += width) {
      const UdfAddress run = udf_address(f, at);
      const unsigned type = f.le32(at) >> 30;
      if (run.length == 0) break;
      if (kind == kLong && run.partition != 0)
        return fail(doubt("a file of it has blocks in another partition"));
      if (type == kContinued) next = run;
      if (type == kRecorded || type == kNotRecorded) TRY(add_run(entry, run, type == kRecorded));
    }
    if (!next || continuations_ == kMostContinuations) return {};
    ++continuations_;
    TRY(claim(next->block, next->length));
    const auto more = TRY(read(next->block, udf_.block_bytes, "a UDF allocation extent"));
    const std::uint64_t length = ByteReader(more).le32(20);
    if (!is_udf(more, UdfTag::allocation_extent, next->block, false) || 24 + length > more.size())
      return fail(doubt(std::format("the allocation extent in block {} is damaged", next->block)));
    held.assign(more.begin() + 24, more.begin() + 24 + static_cast<std::ptrdiff_t>(length));
  }
}

// Where a file is need not be remembered.
Result<void> UdfTree::add_run(Entry& entry, const UdfAddress& run, bool recorded) {
  TRY(claim(run.block, run.length));
  if (!entry.folder) return {};
  if (entry.runs.size() == kMostFolderRuns)
    return fail(doubt("it has a folder in too many pieces"));
  entry.runs.push_back({run.block, run.length, recorded});
  return {};
}

Result<void> UdfTree::read_folder(const Entry& entry) {
  if (entry.length > kMostFolderBytes) return fail(doubt("it has a folder that is too large"));
  std::vector<std::byte> contents = entry.inside;
  for (const Run& run : entry.runs) {
    if (contents.size() >= entry.length) break;
    if (!run.recorded) return fail(doubt("it has a folder with holes"));
    const std::uint64_t length = std::min<std::uint64_t>(run.bytes, entry.length - contents.size());
    const auto bytes = TRY(read(run.block, length, "a UDF folder"));
    contents.insert(contents.end(), bytes.begin(), bytes.end());
  }
  if (contents.size() < entry.length) return fail(doubt("it has a folder that breaks off"));
  return list(Bytes(contents).first(entry.length));
}

// File identifier descriptors in a row (ECMA-167 4/14.4).
Result<void> UdfTree::list(Bytes contents) {
  constexpr std::size_t kFixed = 38;
  enum Characteristics : std::uint8_t { kFolder = 2, kDeleted = 4, kParent = 8 };
  for (std::size_t at = 0; at < contents.size();) {
    const Bytes rest = contents.subspan(at);
    const ByteReader f(rest);
    const std::size_t length =
        round_up<std::size_t>(kFixed + f.le16(36) + std::size_t{f.u8(19)}, 4);
    if (!is_udf(rest, UdfTag::file_identifier, f.le32(12)) || length > rest.size())
      return fail(doubt("it has a damaged folder"));
    const std::uint8_t what = f.u8(18);
    const UdfAddress entry = udf_address(f, 20);
    if ((what & (kDeleted | kParent)) == 0) {
      if (entry.partition != 0) return fail(doubt("a file of it is in another partition"));
      enqueue(entry, (what & kFolder) != 0);
    }
    at += length;
  }
  return {};
}

Result<std::vector<std::byte>> UdfTree::read(std::uint32_t block, std::uint64_t bytes,
                                             std::string_view name) {
  if (block + div_ceil<std::uint64_t>(bytes, udf_.block_bytes) > udf_.partition_blocks)
    return fail(doubt("something of it is outside its partition"));
  return naming(read_padded(volume_, udf_.bytes_of(udf_.partition_at + block), bytes), name);
}

Result<void> UdfTree::claim(std::uint32_t block, std::uint64_t bytes) {
  const std::uint64_t blocks = div_ceil<std::uint64_t>(bytes, udf_.block_bytes);
  if (block + blocks > udf_.partition_blocks)
    return fail(doubt("something of it is outside its partition"));
  const Extent place{udf_.bytes_of(udf_.partition_at + block), udf_.bytes_of(blocks)};
  if (place.length == 0 || in_use_.contains(place)) return {};
  return fail(doubt(std::format("its bitmap calls blocks {} to {} free, but a file has them", block,
                                block + blocks - 1)));
}

}  // namespace drydock::fs
