#include "fs/minix_inodes.h"

#include <format>
#include <vector>

#include "fs/unix_mode.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kDirect = 7;

}  // namespace

Result<std::uint64_t> MinixInodes::count_zones() {
  const std::uint64_t first = super_.inodes_at() * super_.block_bytes;
  for (std::uint64_t number = 1; number <= super_.inodes; ++number) {
    const bool used = TRY(in_map(number));
    const std::uint64_t per_block = super_.block_bytes / super_.inode_bytes();
    const std::uint64_t at = first + (number - 1) / per_block * super_.block_bytes +
                             (number - 1) % per_block * super_.inode_bytes();
    const Bytes bytes = TRY(naming(table_.at(at, super_.inode_bytes()), "the inode table"));
    TRY(check_inode(number, bytes, used));
  }
  return zones_;
}

Result<bool> MinixInodes::in_map(std::uint64_t number) {
  const std::uint64_t block = MinixSuper::kMaps + number / super_.bits_per_block();
  const Bytes bytes =
      TRY(naming(map_.at(block * super_.block_bytes, super_.block_bytes), "the inode map"));
  return bit_at(bytes, number % super_.bits_per_block());
}

Result<void> MinixInodes::check_inode(std::uint64_t number, Bytes bytes, bool used) {
  const ByteReader inode(bytes);
  if (used != (inode.le16(0) != 0))
    return fail(doubt(std::format("inode {} is {} but its map calls it {}", number,
                                  used ? "empty" : "in use", used ? "in use" : "free")));
  const std::uint16_t type = inode.le16(0) & kModeType;
  if (!used || (type != kModeFile && type != kModeFolder && type != kModeLink)) return {};
  const bool first = super_.version == 1;
  const std::size_t levels = first ? 2 : 3;
  for (std::size_t i = 0; i < kDirect + levels; ++i) {
    const std::uint64_t zone = first ? inode.le16(14 + i * 2) : inode.le32(24 + i * 4);
    const std::size_t level = i < kDirect ? 0 : i - kDirect + 1;
    TRY(follow(number, zone, static_cast<unsigned>(level)));
  }
  return {};
}

// Three levels at most, and no more zones than there are.
Result<void> MinixInodes::follow(std::uint64_t number, std::uint64_t zone, unsigned level) {
  if (zone == 0) return {};
  const std::uint64_t block = super_.block_bytes;
  if (zone < super_.first_data || zone >= super_.zones)
    return fail(doubt(std::format("inode {} has a zone outside the data", number)));
  if (!in_use_.contains({zone * block, block}))
    return fail(
        doubt(std::format("zone {} belongs to inode {} but its map calls it free", zone, number)));
  if (++zones_ > super_.zones) return fail(doubt("its inodes have more zones than there are"));
  if (level == 0) return {};
  const Bytes bytes = TRY(naming(pointers_.at(zone * block, super_.block_bytes),
                                 std::format("the zone list of inode {}", number)));
  // The window holds another block as soon as one below is read.
  const std::vector<std::byte> held(bytes.begin(), bytes.end());
  const ByteReader f(held);
  const std::size_t width = super_.version == 1 ? 2 : 4;
  for (std::size_t at = 0; at + width <= held.size(); at += width)
    TRY(follow(number, width == 2 ? f.le16(at) : f.le32(at), level - 1));
  return {};
}

}  // namespace drydock::fs
