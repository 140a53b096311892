#include "fs/btrfs_chunks.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::uint64_t kChunkTreeObject = 256;
constexpr std::size_t kChunkBytes = 48;  // before the stripes
constexpr std::size_t kStripeBytes = 32;
constexpr std::size_t kMostChunks = std::size_t{1} << 20;
// Bits above the kinds: RAID0 and up, without DUP.
constexpr std::uint64_t kRaid0 = 0x8;
constexpr std::uint64_t kKinds = BtrfsChunk::kData | BtrfsChunk::kSystem | BtrfsChunk::kMetadata;

// How many places on one device a chunk of this type has; 0: it needs more devices. RAID0 over one
// device is stored as if it were no RAID.
std::uint32_t copies_of(std::uint64_t profile) {
  if (profile == 0 || profile == kRaid0) return 1;
  return profile == BtrfsChunk::kDup ? 2 : 0;
}

}  // namespace

BtrfsKey BtrfsKey::decode(Bytes bytes) {
  const ByteReader f(bytes);
  return {f.le64(0), f.u8(8), f.le64(9)};
}

Result<void> BtrfsChunks::add_system_chunks() {
  Bytes left = super_->system_chunks();
  while (!left.empty()) {
    const ByteReader f(left);
    const BtrfsKey key = BtrfsKey::decode(left);
    const std::size_t length = kChunkBytes + kStripeBytes * f.le16(BtrfsKey::kBytes + 44);
    const Bytes item = f.bytes(BtrfsKey::kBytes, length);
    if (!f.ok() || key.type != kChunkItem)
      return fail(doubt("the chunks in its superblock are damaged"));
    TRY(add(key, item));
    left = left.subspan(BtrfsKey::kBytes + length);
  }
  return {};
}

Result<void> BtrfsChunks::add(const BtrfsKey& key, Bytes item) {
  const BtrfsChunk chunk = TRY(decode(key, item));
  if (chunks_.size() >= kMostChunks) return fail(doubt("it has too many chunks"));
  if (!chunks_.empty() && chunk.logical.offset < chunks_.back().logical.end())
    return fail(doubt(std::format("its chunk {} overlaps another", key.offset)));
  chunks_.push_back(chunk);
  return {};
}

Result<BtrfsChunk> BtrfsChunks::decode(const BtrfsKey& key, Bytes item) const {
  const ByteReader f(item);
  BtrfsChunk chunk;
  chunk.logical = {key.offset, f.le64(0)};
  chunk.type = f.le64(24);
  const std::uint32_t stripes = f.le16(44);
  const auto broken = [&](std::string_view how) {
    return fail(doubt(std::format("its chunk {} {}", key.offset, how)));
  };
  if (item.size() < kChunkBytes || item.size() != kChunkBytes + kStripeBytes * stripes ||
      key.object != kChunkTreeObject)
    return broken("is damaged");
  const auto end = checked_add(chunk.logical.offset, chunk.logical.length);
  if (!end || chunk.logical.length == 0 || (chunk.logical.offset % super_->sector_bytes) != 0 ||
      (chunk.logical.length % super_->sector_bytes) != 0 || (chunk.type & kKinds) == 0)
    return broken("is damaged");
  chunk.copies = copies_of(chunk.type & ~kKinds);
  if (chunk.copies == 0 || chunk.copies != stripes)
    return broken(std::format("is of a profile for several devices ({:#x}, {} stripes)", chunk.type,
                              stripes));
  for (std::uint32_t i = 0; i < stripes; ++i) {
    const std::size_t at = kChunkBytes + kStripeBytes * i;
    chunk.physical[i] = f.le64(at + 8);
    if (f.le64(at) != super_->device ||
        !std::ranges::equal(f.bytes(at + 16, 16), super_->device_uuid))
      return broken("is on another device");
    const auto stripe_end = checked_add(chunk.physical[i], chunk.logical.length);
    if (!stripe_end || *stripe_end > super_->device_bytes)
      return broken("reaches beyond its device");
  }
  return chunk;
}

Result<std::size_t> BtrfsChunks::find(Extent logical) const {
  const auto after = std::ranges::upper_bound(chunks_, logical.offset, {},
                                              [](const BtrfsChunk& c) { return c.logical.offset; });
  const auto end = checked_add(logical.offset, logical.length);
  if (after == chunks_.begin() || !end || *end > std::prev(after)->logical.end())
    return fail(doubt(std::format("its address {} is in none of its chunks", logical.offset)));
  return static_cast<std::size_t>(after - chunks_.begin()) - 1;
}

bool BtrfsChunks::touches(Extent logical) const {
  return std::ranges::any_of(chunks_, [&](const BtrfsChunk& chunk) {
    return intersection(chunk.logical, logical).length != 0;
  });
}

Result<std::uint64_t> BtrfsChunks::physical(Extent logical) const {
  const BtrfsChunk& chunk = chunks_[TRY(find(logical))];
  return chunk.physical[0] + (logical.offset - chunk.logical.offset);
}

void BtrfsChunks::places(
    Extent logical,
    const std::function<void(std::uint64_t offset, std::uint64_t length)>& keep) const {
  auto chunk = std::ranges::upper_bound(chunks_, logical.offset, {},
                                        [](const BtrfsChunk& c) { return c.logical.offset; });
  if (chunk != chunks_.begin()) --chunk;
  for (; chunk != chunks_.end() && chunk->logical.offset < logical.end(); ++chunk) {
    const Extent part = intersection(logical, chunk->logical);
    if (part.length == 0) continue;
    for (std::uint32_t i = 0; i < chunk->copies; ++i)
      keep(chunk->physical[i] + (part.offset - chunk->logical.offset), part.length);
  }
}

}  // namespace drydock::fs
