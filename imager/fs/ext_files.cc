#include "fs/ext_files.h"

#include <algorithm>
#include <format>

#include "base/checked.h"
#include "base/units.h"

namespace drydock::fs {
namespace {

constexpr std::uint64_t kMostTold = 1 << 22;
constexpr std::uint64_t kMostFolder = 64 * kMiB;
constexpr std::size_t kFolderEntry = 8;  // of a folder: number, length, length and kind of the name

FileNode::Kind kind_of(const ExtInode& inode) {
  switch (inode.type()) {
    case ExtInode::kFile:
      return FileNode::Kind::file;
    case ExtInode::kFolder:
      return FileNode::Kind::folder;
    case ExtInode::kLink:
      return FileNode::Kind::link;
    default:
      return FileNode::Kind::other;
  }
}

std::unexpected<Error> damaged(std::uint64_t inode) {
  return fail(doubt(std::format("inode {} is damaged", inode)));
}

}  // namespace

Result<Bytes> ExtFiles::inode_bytes(std::uint64_t id) {
  if (id == 0 || id > super_.inodes) return damaged(id);
  const auto index = static_cast<std::uint32_t>(id - 1);
  const ExtGroup group = TRY(groups_.descriptor(index / super_.inodes_per_group));
  const std::uint64_t place = index % super_.inodes_per_group;
  return naming(inodes_.at(group.inode_table * super_.block_bytes() + place * super_.inode_bytes,
                           super_.inode_bytes),
                std::format("inode {}", id));
}

Result<FileNode> ExtFiles::node(std::uint64_t id) {
  const Bytes bytes = TRY(inode_bytes(id));
  const ExtInode inode = ExtInode::decode(super_, static_cast<std::uint32_t>(id), bytes);
  if (inode.links == 0) return damaged(id);
  return FileNode{.kind = kind_of(inode), .id = id, .bytes = inode.bytes};
}

Result<void> ExtFiles::read(const FileNode& file, std::uint64_t offset, MutableBytes into) {
  if (offset > file.bytes || into.size() > file.bytes - offset) return damaged(file.id);
  if (into.empty()) return {};
  const Bytes bytes = TRY(inode_bytes(file.id));
  const ExtInode inode = ExtInode::decode(super_, static_cast<std::uint32_t>(file.id), bytes);
  if (inode.has(ExtInode::kEncrypted))
    return fail(doubt(std::format("inode {} is encrypted", file.id)));

  if (!inode.has(ExtInode::kInlineData) && !inode.is_short_link(super_))
    return read_blocks(inode, offset, into);
  std::vector<std::byte> all(inode.root.begin(), inode.root.end());
  if (inode.has(ExtInode::kInlineData)) all.append_range(inline_rest(bytes));
  if (offset > all.size() || into.size() > all.size() - offset) return damaged(file.id);
  std::ranges::copy(Bytes(all).subspan(offset, into.size()), into.begin());
  return {};
}

Result<void> ExtFiles::read_blocks(const ExtInode& inode, std::uint64_t offset, MutableBytes into) {
  const std::uint64_t unit = super_.block_bytes();
  while (!into.empty()) {
    const ExtRun run = TRY(run_at(inode, offset / unit));
    const std::uint64_t in_block = offset % unit;
    const std::size_t length = std::min<std::uint64_t>(into.size(), run.count * unit - in_block);
    const MutableBytes piece = into.first(length);
    if (run.block == 0 || !run.written)
      std::ranges::fill(piece, std::byte{0});
    else
      TRY(inodes_.volume().read_at(run.block * unit + in_block, piece));
    into = into.subspan(length);
    offset += length;
  }
  return {};
}

Result<ExtRun> ExtFiles::run_at(const ExtInode& inode, std::uint64_t logical) {
  const ExtRun run = TRY(inode.has(ExtInode::kExtents) ? run_by_extents(inode, logical)
                                                       : run_by_numbers(inode, logical));
  const bool inside = run.block < super_.blocks && run.count <= super_.blocks - run.block;
  if (run.count == 0 || (run.block != 0 && !inside)) return damaged(inode.number);
  return run;
}

Result<ExtRun> ExtFiles::run_by_extents(const ExtInode& inode, std::uint64_t logical) {
  ExtentNode node = TRY(ExtentNode::decode(inode.root));
  std::uint64_t end = ~std::uint64_t{0} >> 16;  // of what this node speaks of
  while (true) {
    std::size_t next = 0;  // the first entry that begins behind
    while (next < node.size() && node.logical(next) <= logical) ++next;
    if (next < node.size()) end = std::min(end, node.logical(next));
    const ExtRun hole{.logical = logical, .count = end - logical};
    if (next == 0) return hole;
    if (node.depth() == 0) {
      const ExtRun run = node.run(next - 1);
      const std::uint64_t into = logical - run.logical;
      if (into >= run.count) return hole;
      return ExtRun{logical, run.block + into, run.count - into, run.written};
    }
    const Bytes child = TRY(block(node.child(next - 1)));
    node = TRY(ExtentNode::decode(child, node.depth() - 1));
  }
}

Result<ExtRun> ExtFiles::run_by_numbers(const ExtInode& inode, std::uint64_t logical) {
  if (logical < BlockNumbers::kDirect)
    return BlockNumbers::run(Bytes(inode.root).first(4 * BlockNumbers::kDirect), logical, logical);
  const std::uint64_t numbers = super_.block_bytes() / 4;
  std::uint64_t rest = logical - BlockNumbers::kDirect;
  std::uint64_t reach = numbers;  // blocks that a tree of this depth has
  std::size_t root = BlockNumbers::kDirect;
  while (root + 1 < BlockNumbers::kDirect + BlockNumbers::kMostDepth && rest >= reach) {
    rest -= reach;
    reach *= numbers;
    ++root;
  }
  if (rest >= reach) return damaged(inode.number);
  std::uint64_t at = BlockNumbers::at(inode.root, root);
  while (true) {
    if (at == 0) return ExtRun{.logical = logical, .count = reach - rest};
    reach /= numbers;
    const Bytes list = TRY(block(at));
    if (reach == 1) return BlockNumbers::run(list, rest, logical);
    at = BlockNumbers::at(list, rest / reach);
    rest %= reach;
  }
}

Result<std::vector<ExtRun>> ExtFiles::runs(std::uint64_t id, std::uint64_t blocks,
                                           std::size_t most) {
  const ExtInode inode =
      ExtInode::decode(super_, static_cast<std::uint32_t>(id), TRY(inode_bytes(id)));
  if (!inode.has_blocks(super_)) return damaged(id);
  std::vector<ExtRun> runs;
  for (std::uint64_t at = 0; at < blocks; at = runs.back().logical + runs.back().count) {
    if (runs.size() >= most) return fail(doubt(std::format("inode {} is in too many pieces", id)));
    runs.push_back(TRY(run_at(inode, at)));
  }
  return runs;
}

Result<void> ExtFiles::pieces(const FileNode& file, const VisitPiece& visit) {
  const ExtInode inode =
      ExtInode::decode(super_, static_cast<std::uint32_t>(file.id), TRY(inode_bytes(file.id)));
  if (!inode.has_blocks(super_)) return {};
  const std::uint64_t unit = super_.block_bytes();
  for (std::uint64_t at = 0, told = 0; at < file.bytes; ++told) {
    if (told >= kMostTold) return damaged(file.id);
    const ExtRun run = TRY(run_at(inode, at / unit));
    // Also where the inode claims more than any file can have.
    const std::uint64_t length =
        std::min(checked_mul<std::uint64_t>(run.count, unit).value_or(UINT64_MAX), file.bytes - at);
    if (run.block != 0 && run.written) visit({{at, length}, {run.block * unit, length}});
    at += length;
  }
  return {};
}

Result<Bytes> ExtFiles::block(std::uint64_t number) {
  if (number < super_.first_data_block || number >= super_.blocks)
    return fail(doubt("a file has blocks outside the filesystem"));
  return blocks_.at(number * super_.block_bytes(), super_.block_bytes());
}

Result<void> ExtFiles::list(const FileNode& folder, const Visit& visit) {
  const Bytes bytes = TRY(inode_bytes(folder.id));
  const ExtInode inode = ExtInode::decode(super_, static_cast<std::uint32_t>(folder.id), bytes);
  if (inode.type() != ExtInode::kFolder) return damaged(folder.id);
  if (inode.has(ExtInode::kEncrypted))
    return fail(doubt(std::format("folder {} is encrypted", folder.id)));
  if (inode.has(ExtInode::kInlineData)) {
    // The parent's number, then entries; more entries in the attribute.
    const std::vector<std::byte> rest(std::from_range, inline_rest(bytes));
    if (TRY(list_entries(Bytes(inode.root).subspan(4), visit))) TRY(list_entries(rest, visit));
    return {};
  }
  if (inode.bytes > kMostFolder)
    return fail(doubt(std::format("folder {} is too large to be searched", folder.id)));
  // Blocks of a search tree look like unused entries.
  std::vector<std::byte> entries(super_.block_bytes());
  Result<void> all;
  for (std::uint64_t at = 0; at + entries.size() <= inode.bytes; at += entries.size()) {
    auto more = list_block(inode, at, entries, visit);
    if (more && !*more) return {};
    if (!more && all) all = fail(std::move(more.error()));
  }
  return all;
}

// Whether there may be more.
Result<bool> ExtFiles::list_block(const ExtInode& folder, std::uint64_t at, MutableBytes block,
                                  const Visit& visit) {
  TRY(read_blocks(folder, at, block));
  return list_entries(block, visit);
}

Result<bool> ExtFiles::list_entries(Bytes entries, const Visit& visit) const {
  const ByteReader f(entries);
  for (std::size_t at = 0; at + kFolderEntry <= entries.size();) {
    const std::uint32_t id = f.le32(at);
    std::size_t length = f.le16(at + 4);
    if (length == 0 || length == 0xFFFF) length = 64 * kKiB;  // does not fit into its field
    const std::size_t name_bytes = super_.has(ExtSuper::kFileType) ? f.u8(at + 6) : f.le16(at + 6);
    if (length < kFolderEntry || length > entries.size() - at || name_bytes > length - kFolderEntry)
      return fail(doubt("a folder is damaged"));
    const Bytes name = f.bytes(at + kFolderEntry, name_bytes);
    const std::string_view text(reinterpret_cast<const char*>(name.data()), name.size());
    at += length;
    if (id == 0 || text == "." || text == "..") continue;
    if (!visit(text, id)) return false;
  }
  return true;
}

}  // namespace drydock::fs
