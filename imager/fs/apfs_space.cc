#include "fs/apfs_space.h"

#include <format>

#include "base/checked.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kMainDevice = 0x30;
constexpr std::size_t kSecondDevice = 0x60;
constexpr std::size_t kMainQueue = 0xF0;
constexpr std::uint32_t kVersioned = 1;

// Of the blocks that list chunks and of those that list such blocks.
constexpr std::uint32_t kListHeader = 40;
constexpr std::uint32_t kChunkInfoBytes = 32;
constexpr std::uint32_t kAddressBytes = 8;

}  // namespace

Result<ApfsSpace> ApfsSpace::read(const io::BlockSource& volume, const ApfsContainer& container) {
  ApfsSpace space(volume, container);
  TRY(space.decode());
  return space;
}

Result<void> ApfsSpace::decode() {
  manager_ = TRY(container_.ephemeral(super().space_manager, "the space manager"));
  const ByteReader f(manager_);
  if (ApfsObject::decode(manager_).type != ApfsObject::kSpaceManager)
    return fail(doubt("its space manager is not one"));
  if ((f.le32(0x90) & ~kVersioned) != 0)
    return fail(doubt(std::format("its space manager has unknown flags (0x{:x})", f.le32(0x90))));
  if (!all_zero(f.bytes(kSecondDevice, 0x20)))
    return fail(doubt("its space manager knows a second device"));
  chunks_ = f.le64(kMainDevice + 8);
  cibs_ = f.le32(kMainDevice + 0x10);
  cabs_ = f.le32(kMainDevice + 0x14);
  free_ = f.le64(kMainDevice + 0x18);
  addresses_at_ = f.le32(kMainDevice + 0x20);
  pool_ = {f.le64(0xB0), f.le64(0x98)};
  pool_bitmaps_ = {f.le64(0xA8), f.le32(0xA4)};
  queue_ = {f.le64(kMainQueue), f.le64(kMainQueue + 8)};
  return check_layout(f);
}

Result<void> ApfsSpace::check_layout(const ByteReader& f) {
  const auto damaged = [](std::string_view what) {
    return fail(doubt(std::format("its space manager is damaged ({})", what)));
  };
  const std::uint32_t block = super().block_bytes;
  const std::uint64_t blocks = super().blocks;
  const std::uint64_t chunk = std::uint64_t{8} * block;
  chunks_per_cib_ = (block - kListHeader) / kChunkInfoBytes;
  cibs_per_cab_ = (block - kListHeader) / kAddressBytes;
  if (f.le32(0x20) != block || f.le32(0x24) != chunk || f.le32(0x28) != chunks_per_cib_ ||
      f.le32(0x2C) != cibs_per_cab_)
    return damaged("sizes");
  if (f.le64(kMainDevice) != blocks) return damaged("block count");
  if (chunks_ != div_ceil(blocks, chunk)) return damaged("chunk count");
  if (cibs_ != div_ceil<std::uint64_t>(chunks_, chunks_per_cib_)) return damaged("list count");
  if (cabs_ != 0 && cabs_ != div_ceil(cibs_, cibs_per_cab_)) return damaged("address list count");
  if (free_ > blocks) return damaged("free block count");
  const std::uint64_t addresses = cabs_ != 0 ? cabs_ : cibs_;
  if (addresses_at_ > manager_.size() ||
      addresses * kAddressBytes > manager_.size() - addresses_at_)
    return damaged("addresses");
  if (!super().inside(pool_.offset, pool_.length) ||
      !super().inside(pool_bitmaps_.offset, pool_bitmaps_.length))
    return damaged("internal pool");
  return {};
}

Result<void> ApfsSpace::map(UsedMap& used) {
  if (cabs_ != 0)
    for (std::uint32_t i = 0; i < cabs_; ++i) TRY(map_cab(i, used));
  else
    for (std::uint32_t i = 0; i < cibs_; ++i) TRY(map_cib(address(i), used));
  if (cibs_seen_ != cibs_ || chunks_seen_ != chunks_)
    return fail(doubt(
        std::format("its space manager counts {} chunks but lists {}", chunks_, chunks_seen_)));
  if (free_seen_ != free_)
    return fail(doubt(std::format("its space manager counts {} free blocks but its bitmaps have {}",
                                  free_, free_seen_)));
  return {};
}

Result<void> ApfsSpace::map_cab(std::uint32_t index, UsedMap& used) {
  const std::string name = std::format("chunk address block {}", index);
  const auto cab = TRY(in_pool(address(index), ApfsObject::kCibAddresses, index, name));
  const ByteReader f(cab);
  const std::uint32_t count = f.le32(36);
  if (count != std::min(cibs_per_cab_, cibs_ - cibs_seen_))
    return fail(doubt(std::format("{} has {} entries", name, count)));
  for (std::uint32_t i = 0; i < count; ++i)
    TRY(map_cib(f.le64(kListHeader + std::size_t{kAddressBytes} * i), used));
  return {};
}

Result<void> ApfsSpace::map_cib(std::uint64_t block, UsedMap& used) {
  const std::string name = std::format("chunk-info block {}", cibs_seen_);
  const auto cib = TRY(in_pool(block, ApfsObject::kChunkInfo, cibs_seen_, name));
  const ByteReader f(cib);
  const std::uint32_t count = f.le32(36);
  if (count != std::min<std::uint64_t>(chunks_per_cib_, chunks_ - chunks_seen_))
    return fail(doubt(std::format("{} has {} entries", name, count)));
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t at = kListHeader + std::size_t{kChunkInfoBytes} * i;
    TRY(map_chunk(ByteReader(f.bytes(at, kChunkInfoBytes)), used));
  }
  ++cibs_seen_;
  return {};
}

// A chunk without a bitmap is free as a whole.
Result<void> ApfsSpace::map_chunk(const ByteReader& info, UsedMap& used) {
  const std::string name = std::format("chunk {}", chunks_seen_);
  const std::uint64_t chunk = std::uint64_t{8} * super().block_bytes;
  const std::uint64_t first = chunks_seen_ * chunk;
  const std::uint64_t count = std::min(chunk, super().blocks - first);
  const std::uint64_t bitmap_block = info.le64(24);
  const std::uint32_t free = info.le32(20);
  if (info.le64(8) != first || info.le32(16) != count)
    return fail(doubt(std::format("{} is not where it should be", name)));

  std::uint64_t in_use = 0;
  if (bitmap_block != 0) {
    if (!is_in_pool(bitmap_block))
      return fail(doubt(std::format("the bitmap of {} lies outside the internal pool", name)));
    const std::uint64_t block_bytes = super().block_bytes;
    const Bytes bitmap = TRY(naming(bitmaps_.at(bitmap_block * block_bytes, block_bytes),
                                    std::format("the bitmap of {}", name)));
    in_use = used.keep_bits(bitmap, count, first * block_bytes, block_bytes);
  }
  if (count - in_use != free)
    return fail(doubt(
        std::format("{} counts {} free blocks but its bitmap has {}", name, free, count - in_use)));
  free_seen_ += free;
  ++chunks_seen_;
  return {};
}

Result<std::vector<std::byte>> ApfsSpace::in_pool(std::uint64_t block, ApfsObject::Type type,
                                                  std::uint32_t index,
                                                  std::string_view what) const {
  if (!is_in_pool(block))
    return fail(doubt(std::format("{} lies outside the internal pool", what)));
  auto bytes = TRY(container_.object(block, what));
  const ApfsObject header = ApfsObject::decode(bytes);
  if (header.type != type || header.xid > super().xid || ByteReader(bytes).le32(32) != index)
    return fail(doubt(std::format("{} is not one", what)));
  return bytes;
}

}  // namespace drydock::fs
