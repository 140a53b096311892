#include "fs/hfs_survey.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "fs/hfs_journal.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

enum FileId : std::uint32_t {
  kExtentsFile = 3,
  kCatalogFile = 4,
  kBadBlocks = 5,
  kAllocationFile = 6,
  kStartupFile = 7,
  kAttributesFile = 8,
  kFirstUserFile = 16,
};

// TN1150 numbers bits from the most significant one on.
std::byte reversed(std::byte value) {
  auto bits = std::to_integer<unsigned>(value);
  bits = (bits & 0xF0) >> 4 | (bits & 0x0F) << 4;
  bits = (bits & 0xCC) >> 2 | (bits & 0x33) << 2;
  bits = (bits & 0xAA) >> 1 | (bits & 0x55) << 1;
  return static_cast<std::byte>(bits);
}

}  // namespace

HfsSurvey::HfsSurvey(const io::BlockSource& volume, const HfsHeader& header)
    : volume_(volume),
      header_(header),
      overflow_(volume, header, "the extents overflow file"),
      allocation_(volume, header, "the allocation file"),
      catalog_(volume, header, "the catalog file"),
      attributes_(volume, header, "the attributes file"),
      startup_(volume, header, "the startup file") {}

Result<ExtentMap> HfsSurvey::run() {
  TRY(overflow_.append(header_.extents.extents));
  TRY(overflow_.complete(header_.extents));
  TRY(allocation_.append(header_.allocation.extents));
  TRY(catalog_.append(header_.catalog.extents));
  TRY(attributes_.append(header_.attribute_file.extents));
  TRY(startup_.append(header_.startup.extents));
  if (blocks_in(header_.allocation.extents) != header_.allocation.blocks)
    TRY(gather(kAllocationFile, allocation_));
  TRY(allocation_.complete(header_.allocation));

  used_ = TRY(map_allocation());
  TRY(check_boot_blocks());
  TRY(check_journal());
  TRY(walk_overflow());
  TRY(catalog_.complete(header_.catalog));
  TRY(attributes_.complete(header_.attribute_file));
  TRY(startup_.complete(header_.startup));
  for (const HfsForkReader* file : {&overflow_, &allocation_, &catalog_, &attributes_, &startup_})
    for (const Extent& extent : file->extents())
      if (!used_.contains(extent))
        return fail(doubt(std::format("its allocation file calls part of {} free", file->name())));
  TRY(walk_catalog());
  TRY(walk_attributes());
  return std::move(used_);
}

// Of the one file that is needed before any block can be checked.
Result<void> HfsSurvey::gather(std::uint32_t file_id, HfsForkReader& file) {
  return HfsTree(overflow_).each_record(
      [&](const ByteReader& key, const ByteReader& data) -> Result<void> {
        if (key.be32(2) != file_id) return {};
        return file.append(decode_extents(data.bytes(0, 64)));
      });
}

Result<ExtentMap> HfsSurvey::map_allocation() {
  const std::uint64_t bytes = div_ceil<std::uint64_t>(header_.blocks, 8);
  if (bytes > allocation_.bytes())
    return fail(
        doubt(std::format("its allocation file is too small for {} blocks", header_.blocks)));
  UsedMap used(volume_.geometry().bytes);
  std::uint64_t in_use = 0;
  std::vector<std::byte> piece;
  for (std::uint64_t at = 0; at < bytes; at += HfsForkReader::kMost) {
    const Bytes raw = TRY(allocation_.at(at, std::min(HfsForkReader::kMost, bytes - at)));
    piece.resize(raw.size());
    std::ranges::transform(raw, piece.begin(), reversed);
    const std::uint64_t first = at * 8;
    in_use += used.keep_bits(piece, std::min<std::uint64_t>(raw.size() * 8, header_.blocks - first),
                             first * header_.block_bytes, header_.block_bytes);
  }
  const std::uint64_t free = header_.blocks - in_use;
  if (free != header_.free_blocks)
    return fail(
        doubt(std::format("its volume header counts {} free blocks but its allocation file has {}",
                          header_.free_blocks, free)));
  return std::move(used).take();
}

Result<void> HfsSurvey::check_boot_blocks() {
  if (used_.contains({0, HfsHeader::kOffset + HfsHeader::kBytes})) return {};
  return fail(doubt("its allocation file calls the volume header free"));
}

Result<void> HfsSurvey::check_journal() {
  if (!header_.has(HfsHeader::kJournaled)) return {};
  const HfsJournal journal = TRY(HfsJournal::read(volume_, header_));
  if (journal.outside)
    return fail(doubt("its journal is on another device, so nobody knows what is in it"));
  if (!journal.empty)
    return fail(
        doubt("its journal has not been replayed, so its allocation file may be out of date"));
  if (!used_.contains(header_.bytes_of({header_.journal_info_block, 1})) ||
      !used_.contains(*journal.at))
    return fail(doubt("its allocation file calls the journal free"));
  return {};
}

Result<void> HfsSurvey::walk_overflow() {
  return HfsTree(overflow_).each_record(
      [this](const ByteReader& key, const ByteReader& data) { return overflow_record(key, data); });
}

Result<void> HfsSurvey::overflow_record(const ByteReader& key, const ByteReader& data) {
  const std::uint8_t fork = key.u8(0);
  const std::uint32_t file_id = key.be32(2);
  const HfsExtents extents = decode_extents(data.bytes(0, 64));
  if (!key.ok() || !data.ok() || (fork != 0 && fork != 0xFF))
    return fail(doubt("a record of the extents overflow file is damaged"));
  TRY(must_be_used(extents, std::format("file {}", file_id)));
  if (HfsForkReader* const file = special(file_id)) return file->append(extents);
  if (file_id >= kFirstUserFile) held_ += blocks_in(extents);
  if (file_id >= kFirstUserFile || file_id == kBadBlocks || file_id == kAllocationFile) return {};
  return fail(doubt(std::format("the extents overflow file has extents of file {}", file_id)));
}

HfsForkReader* HfsSurvey::special(std::uint32_t file_id) {
  switch (file_id) {
    case kCatalogFile:
      return &catalog_;
    case kStartupFile:
      return &startup_;
    case kAttributesFile:
      return &attributes_;
    default:
      return nullptr;
  }
}

Result<void> HfsSurvey::walk_catalog() {
  TRY(HfsTree(catalog_).each_record(
      [this](const ByteReader&, const ByteReader& data) { return catalog_record(data); }));
  if (claimed_ == held_) return {};
  return fail(
      doubt(std::format("its files count {} blocks but their extents have {}", claimed_, held_)));
}

Result<void> HfsSurvey::catalog_record(const ByteReader& data) {
  enum Type : std::uint16_t { kFolder = 1, kFile = 2, kFolderThread = 3, kFileThread = 4 };
  constexpr std::size_t kDataFork = 88;
  constexpr std::size_t kResourceFork = 168;
  const std::uint16_t type = data.be16(0);
  if (type == kFolder || type == kFolderThread || type == kFileThread) return {};
  if (type != kFile || data.size() < kResourceFork + HfsFork::kBytes)
    return fail(doubt(std::format("a record of the catalog file is damaged (type {})", type)));
  const std::uint32_t file_id = data.be32(8);
  TRY(count_fork(data.bytes(kDataFork, HfsFork::kBytes), file_id));
  return count_fork(data.bytes(kResourceFork, HfsFork::kBytes), file_id);
}

Result<void> HfsSurvey::count_fork(Bytes bytes, std::uint32_t file_id) {
  if (all_zero(bytes)) return {};
  const HfsFork fork = HfsFork::decode(bytes);
  claimed_ += fork.blocks;
  held_ += blocks_in(fork.extents);
  return must_be_used(fork.extents, std::format("file {}", file_id));
}

Result<void> HfsSurvey::walk_attributes() {
  if (header_.attribute_file.blocks == 0) return {};
  TRY(HfsTree(attributes_).each_record([this](const ByteReader&, const ByteReader& data) {
    return attribute_record(data);
  }));
  if (attributes_claimed_ == attributes_held_) return {};
  return fail(doubt(std::format("its attributes count {} blocks but their extents have {}",
                                attributes_claimed_, attributes_held_)));
}

Result<void> HfsSurvey::attribute_record(const ByteReader& data) {
  enum Type : std::uint32_t { kInline = 0x10, kFork = 0x20, kExtents = 0x30 };
  constexpr std::string_view kOwner = "an extended attribute";
  const std::uint32_t type = data.be32(0);
  if (type == kInline) return {};
  if (type == kFork && data.size() >= 8 + HfsFork::kBytes) {
    const HfsFork fork = HfsFork::decode(data.bytes(8, HfsFork::kBytes));
    attributes_claimed_ += fork.blocks;
    attributes_held_ += blocks_in(fork.extents);
    return must_be_used(fork.extents, kOwner);
  }
  if (type == kExtents && data.size() >= 8 + 64) {
    const HfsExtents extents = decode_extents(data.bytes(8, 64));
    attributes_held_ += blocks_in(extents);
    return must_be_used(extents, kOwner);
  }
  return fail(doubt(std::format("a record of the attributes file is damaged (type {})", type)));
}

Result<void> HfsSurvey::must_be_used(const HfsExtents& extents, std::string_view owner) {
  for (const HfsExtent& extent : extents) {
    if (extent.count == 0) continue;
    if (!header_.inside(extent))
      return fail(doubt(std::format("{} has blocks outside the volume ({} from {})", owner,
                                    extent.count, extent.start)));
    if (!used_.contains(header_.bytes_of(extent)))
      return fail(doubt(std::format("its allocation file calls blocks of {} free ({} from {})",
                                    owner, extent.count, extent.start)));
  }
  return {};
}

}  // namespace drydock::fs
