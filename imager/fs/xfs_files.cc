#include "fs/xfs_files.h"

#include <algorithm>
#include <format>

#include "fs/unix_mode.h"

#include "base/checked.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kMostExtents = 100'000;
constexpr std::size_t kLargestBlock = 64 * kKiB;  // of a folder
constexpr std::uint64_t kMostFolder = 64 * kMiB;
constexpr std::uint64_t kIndexOfFolder = 32 * kGiB;  // where in a folder its names end

std::unexpected<Error> damaged(std::uint64_t inode) {
  return fail(doubt(std::format("inode {} is damaged", inode)));
}

std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

// Its number is that of its group, of its block in there, and its own in the block.
Result<XfsInode> XfsFiles::inode(std::uint64_t id) {
  const unsigned in_block = super_.block_shift - super_.inode_shift;
  const std::uint64_t group = id >> (super_.group_shift + in_block);
  const std::uint64_t in_group = id & ((std::uint64_t{1} << (super_.group_shift + in_block)) - 1);
  if (group >= super_.groups) return damaged(id);
  const auto number = static_cast<std::uint32_t>(group);
  if (in_group >> in_block >= super_.blocks_in(number)) return damaged(id);
  const std::uint64_t offset = super_.offset_of(number, 0) + (in_group << super_.inode_shift);
  const XfsInode inode{.number = id,
                       .bytes = TRY(naming(inodes_.at(offset, super_.inode_bytes), "an inode"))};
  TRY(inode.check(super_));
  return inode;
}

Result<FileNode> XfsFiles::node(std::uint64_t id) {
  const XfsInode found = TRY(inode(id));
  const std::uint64_t bytes = found.fields.be64(56);
  if (bytes > INT64_MAX) return damaged(id);
  return FileNode{.kind = kind_of_mode(found.fields.be16(2)), .id = id, .bytes = bytes};
}

Result<std::vector<XfsExtent>> XfsFiles::extents(const XfsInode& inode, const XfsFork& fork) {
  std::vector<XfsExtent> all;
  TRY(each_extent(inode, fork, [&](const XfsExtent& extent) -> Result<void> {
    if (all.size() >= kMostExtents) return damaged(inode.number);
    all.push_back(extent);
    return {};
  }));
  return all;
}

Result<void> XfsFiles::each_extent(const XfsInode& inode, const XfsFork& fork,
                                   const VisitExtent& visit) {
  std::uint64_t behind = 0;
  const auto add = [&](Bytes record) -> Result<void> {
    const XfsExtent extent = XfsExtent::decode(record);
    if (extent.count == 0 || extent.place < behind) return damaged(inode.number);
    behind = extent.place + extent.count;
    return visit(extent);
  };
  if (fork.elsewhere || (fork.format != XfsFork::kExtents && fork.format != XfsFork::kTree))
    return damaged(inode.number);
  if (fork.format == XfsFork::kExtents) {
    if (fork.extents > fork.bytes.size() / XfsExtent::kBytes) return damaged(inode.number);
    for (std::size_t i = 0; i < fork.extents; ++i)
      TRY(add(fork.bytes.subspan(i * XfsExtent::kBytes, XfsExtent::kBytes)));
    return {};
  }
  XfsTree tree(super_, blocks_, kXfsFileExtents, TRY(inode.tree_root(fork)),
               [](std::uint64_t) -> Result<void> { return {}; });
  while (true) {
    const Bytes record = TRY(tree.next());
    if (record.empty()) return {};
    TRY(add(record));
  }
}

Result<void> XfsFiles::read(const FileNode& file, std::uint64_t offset, MutableBytes into) {
  if (offset > file.bytes || into.size() > file.bytes - offset) return damaged(file.id);
  if (into.empty()) return {};
  const XfsInode found = TRY(inode(file.id));
  const XfsFork fork = found.data(super_);
  if (fork.format == XfsFork::kLocal) {
    if (offset + into.size() > fork.bytes.size()) return damaged(file.id);
    std::ranges::copy(fork.bytes.subspan(offset, into.size()), into.begin());
    return {};
  }
  if (file.kind == FileNode::Kind::link)
    return fail(doubt(std::format("the target of link {} is too long", file.id)));
  return read_extents(file, TRY(extents(found, fork)), offset, into);
}

Result<void> XfsFiles::read_extents(const FileNode& file, std::span<const XfsExtent> extents,
                                    std::uint64_t offset, MutableBytes into) const {
  std::ranges::fill(into, std::byte{0});
  const std::uint64_t end = offset + into.size();
  for (const XfsExtent& extent : extents) {
    const auto run = super_.run(extent.first, extent.count);
    const auto place = checked_mul<std::uint64_t>(extent.place, super_.block_bytes);
    if (!run || !place) return damaged(file.id);
    if (*place >= end) break;
    const Extent part = intersection({*place, run->length}, {offset, end - offset});
    if (part.length == 0 || extent.unwritten) continue;
    TRY(blocks_.volume().read_at(run->offset + (part.offset - *place),
                                 into.subspan(part.offset - offset, part.length)));
  }
  return {};
}

Result<void> XfsFiles::pieces(const FileNode& file, const VisitPiece& visit) {
  const XfsInode found = TRY(inode(file.id));
  const XfsFork fork = found.data(super_);
  if (fork.format == XfsFork::kLocal || fork.format == XfsFork::kDevice) return {};
  return each_extent(found, fork, [&](const XfsExtent& extent) -> Result<void> {
    const auto run = super_.run(extent.first, extent.count);
    const auto place = checked_mul<std::uint64_t>(extent.place, super_.block_bytes);
    if (!run || !place) return damaged(file.id);
    if (extent.unwritten || *place >= file.bytes) return {};
    const std::uint64_t length = std::min(run->length, file.bytes - *place);
    // A link's target has headers between its parts.
    if (file.kind == FileNode::Kind::link)
      visit({{*place, length}, *run, true});
    else
      visit({{*place, length}, {run->offset, length}});
    return {};
  });
}

Result<void> XfsFiles::list(const FileNode& folder, const Visit& visit) {
  if (folder.kind != FileNode::Kind::folder) return damaged(folder.id);
  const XfsInode found = TRY(inode(folder.id));
  const XfsFork fork = found.data(super_);
  if (fork.format == XfsFork::kLocal) {
    const std::vector<std::byte> copy(fork.bytes.begin(), fork.bytes.end());
    return list_short(folder, copy, visit);
  }
  return list_blocks(folder, TRY(extents(found, fork)), visit);
}

// "Shortform Directories": the numbers have 8 bytes when there is one that needs them, else 4.
Result<void> XfsFiles::list_short(const FileNode& folder, Bytes fork, const Visit& visit) const {
  const ByteReader f(fork);
  const std::size_t count = f.u8(0);
  const std::size_t number_bytes = f.u8(1) != 0 ? 8 : 4;
  const std::size_t kind_bytes = super_.has_file_types() ? 1 : 0;
  std::size_t at = 2 + number_bytes;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t name_bytes = f.u8(at);
    const Bytes name = f.bytes(at + 3, name_bytes);
    at += 3 + name_bytes + kind_bytes;
    const std::uint64_t id = number_bytes == 8 ? f.be64(at) : f.be32(at);
    at += number_bytes;
    if (!f.ok()) return damaged(folder.id);
    if (!visit(text_of(name), id)) return {};
  }
  return {};
}

Result<void> XfsFiles::list_blocks(const FileNode& folder, std::span<const XfsExtent> extents,
                                   const Visit& visit) const {
  const std::uint64_t block_bytes = std::uint64_t{super_.block_bytes} << super_.folder_shift;
  if (super_.folder_shift > 7 || block_bytes > kLargestBlock) return damaged(super_.root);
  const std::uint64_t end = std::min(folder.bytes, kIndexOfFolder);
  if (end > kMostFolder)
    return fail(doubt(std::format("folder {} is too large to be searched", folder.id)));
  std::vector<std::byte> block(block_bytes);
  Result<void> all;
  for (std::uint64_t at = 0; at < end; at += block_bytes) {
    Result<bool> more = list_block_at(folder, extents, at, block, visit);
    if (more && !*more) return {};
    if (!more && all) all = fail(std::move(more.error()));
  }
  return all;
}

Result<bool> XfsFiles::list_block_at(const FileNode& folder, std::span<const XfsExtent> extents,
                                     std::uint64_t at, MutableBytes block,
                                     const Visit& visit) const {
  TRY(read_extents(folder, extents, at, block));
  return list_block(folder, block, visit);
}

// "Block Directories" and the data blocks of larger ones. Whether there may be more.
Result<bool> XfsFiles::list_block(const FileNode& folder, Bytes block, const Visit& visit) const {
  constexpr std::uint16_t kFree = 0xFFFF;
  const ByteReader f(block);
  const bool alone = f.equals(0, "XD2B") || f.equals(0, "XDB3");
  if (!alone && !f.equals(0, "XD2D") && !f.equals(0, "XDD3")) {
    if (all_zero(block)) return true;  // a hole, where all names are gone
    return damaged(folder.id);
  }
  std::size_t end = block.size();
  if (alone) {
    // Behind the names: what finds them by their hashes.
    const std::uint64_t index = std::uint64_t{f.be32(end - 8)} * 8 + 8;
    if (index > end) return damaged(folder.id);
    end -= index;
  }
  const std::size_t kind_bytes = super_.has_file_types() ? 1 : 0;
  for (std::size_t at = super_.is_v5() ? 64 : 16; at < end;) {
    const bool free = f.be16(at) == kFree;
    const std::size_t name_bytes = free ? 0 : f.u8(at + 8);
    const std::size_t length =
        free ? f.be16(at + 2) : round_up<std::size_t>(11 + name_bytes + kind_bytes, 8);
    if (!f.ok() || length < 8 || length > end - at) return damaged(folder.id);
    const std::string_view name = text_of(free ? Bytes() : f.bytes(at + 9, name_bytes));
    const std::uint64_t id = f.be64(at);
    at += length;
    if (free || name == "." || name == "..") continue;
    if (!visit(name, id)) return false;
  }
  return true;
}

}  // namespace drydock::fs
