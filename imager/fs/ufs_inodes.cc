#include "fs/ufs_inodes.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "fs/unix_mode.h"
#include "fs/used_map.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kDirect = 12;
constexpr std::uint32_t kSectorBytes = 512;  // in which an inode counts what it has

// Where an inode of each kind has its fields (FreeBSD, sys/ufs/ufs/dinode.h).
struct Places {
  std::size_t size, sectors, direct, indirect, pointer_bytes;
};
constexpr Places kUfs1{8, 104, 40, 88, 4};
constexpr Places kUfs2{16, 24, 112, 208, 8};

std::uint64_t pointer(const UfsSuper& super, const UfsFields& f, std::size_t at) {
  return super.ufs2 ? f.u64(at) : f.u32(at);
}

}  // namespace

Result<void> UfsInodes::check(const UfsGroup& group) {
  const std::uint64_t first = super_.bytes_of(super_.group_start(group.number) + super_.inodes_at);
  for (std::uint32_t i = 0; i < super_.group_inodes; ++i) {
    const bool used = bit_at(group.inodes_used, i);
    const std::uint64_t number = std::uint64_t{group.number} * super_.group_inodes + i;
    if (i >= group.initialised_inodes) {
      if (!used) continue;
      return fail(doubt(std::format("inode {} is in use but was never written", number)));
    }
    if (number < 2) continue;  // they exist on no volume, and count as used
    const Bytes bytes =
        TRY(naming(table_.at(first + std::uint64_t{i} * super_.inode_bytes(), super_.inode_bytes()),
                   std::format("the inodes of cylinder group {}", group.number)));
    TRY(check_inode(number, bytes, used));
  }
  return {};
}

Result<void> UfsInodes::check_inode(std::uint64_t number, Bytes bytes, bool used) {
  const UfsFields inode = super_.fields(bytes);
  const std::uint16_t type = inode.u16(0) & kModeType;
  if (used != (inode.u16(0) != 0))
    return fail(doubt(std::format("inode {} is {} but its map calls it {}", number,
                                  used ? "empty" : "in use", used ? "in use" : "free")));
  if (!used) return {};
  const Places& at = super_.ufs2 ? kUfs2 : kUfs1;
  const std::uint64_t before = fragments_;
  all_followed_ = true;
  TRY(follow_attributes(number, inode));
  const std::uint64_t sectors = super_.ufs2 ? inode.u64(at.sectors) : inode.u32(at.sectors);
  const bool in_inode =
      type == kModeLink && (inode.u64(at.size) < super_.short_link || sectors == 0);
  if ((type == kModeFile || type == kModeFolder || type == kModeLink) && !in_inode)
    TRY(follow_all(number, inode));
  const std::uint64_t found = super_.bytes_of(fragments_ - before) / kSectorBytes;
  if (all_followed_ && found != sectors)
    return fail(doubt(std::format("inode {} says that it has {} sectors, but {} were found", number,
                                  sectors, found)));
  return {};
}

Result<void> UfsInodes::follow_all(std::uint64_t number, const UfsFields& inode) {
  const Places& at = super_.ufs2 ? kUfs2 : kUfs1;
  const std::uint64_t size = inode.u64(at.size);
  for (std::size_t i = 0; i < kDirect; ++i) {
    const std::uint64_t fragment = pointer(super_, inode, at.direct + i * at.pointer_bytes);
    if (fragment == 0) continue;
    // The last block of a file may be only as long as is needed.
    const std::uint64_t start = i * std::uint64_t{super_.block_bytes};
    const std::uint64_t here = size > start
                                   ? std::min<std::uint64_t>(super_.block_bytes, size - start)
                                   : super_.block_bytes;
    TRY(claim(number, fragment, div_ceil<std::uint64_t>(here, super_.fragment_bytes)));
  }
  for (unsigned level = 1; level <= 3; ++level)
    TRY(follow(number, pointer(super_, inode, at.indirect + (level - 1) * at.pointer_bytes),
               level));
  return {};
}

// Extended attributes: two blocks at most, the last one as long as is needed.
Result<void> UfsInodes::follow_attributes(std::uint64_t number, const UfsFields& inode) {
  if (!super_.ufs2) return {};
  const std::uint64_t size = inode.u32(92);
  for (std::size_t i = 0; i < 2; ++i) {
    const std::uint64_t fragment = inode.u64(96 + i * 8);
    if (fragment == 0) continue;
    const std::uint64_t start = i * std::uint64_t{super_.block_bytes};
    if (size <= start)
      return fail(doubt(std::format("inode {} has attributes beyond their length", number)));
    const std::uint64_t here = std::min<std::uint64_t>(super_.block_bytes, size - start);
    TRY(claim(number, fragment, div_ceil<std::uint64_t>(here, super_.fragment_bytes)));
  }
  return {};
}

// Three levels at most.
Result<void> UfsInodes::follow(std::uint64_t number, std::uint64_t block, unsigned level) {
  if (block == 0) return {};
  TRY(claim(number, block, super_.block_fragments));
  if (level == 0) return {};
  if (pointer_blocks_ == kMostPointerBlocks) {
    all_followed_ = false;
    return {};
  }
  ++pointer_blocks_;
  const Bytes bytes = TRY(naming(pointers_.at(super_.bytes_of(block), super_.block_bytes),
                                 std::format("the block list of inode {}", number)));
  // The window holds another block as soon as one below is read.
  const std::vector<std::byte> held(bytes.begin(), bytes.end());
  const UfsFields f = super_.fields(held);
  const std::size_t width = super_.ufs2 ? 8 : 4;
  for (std::size_t i = 0; i < super_.pointers_per_block(); ++i)
    TRY(follow(number, pointer(super_, f, i * width), level - 1));
  return {};
}

Result<void> UfsInodes::claim(std::uint64_t number, std::uint64_t fragment, std::uint64_t count) {
  if (fragment >= super_.size || count > super_.size - fragment)
    return fail(doubt(std::format("inode {} has a block outside the filesystem", number)));
  if (!in_use_.contains({super_.bytes_of(fragment), super_.bytes_of(count)}))
    return fail(doubt(std::format("fragment {} belongs to inode {} but its map calls it free",
                                  fragment, number)));
  fragments_ += count;
  return {};
}

}  // namespace drydock::fs
