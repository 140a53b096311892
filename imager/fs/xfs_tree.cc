#include "fs/xfs_tree.h"

#include <algorithm>
#include <format>

namespace drydock::fs {

XfsTree::XfsTree(const XfsSuper& super, Window& window, const XfsTreeKind& kind, Root root,
                 Visit visit)
    : super_(super),
      window_(window),
      kind_(kind),
      root_(std::move(root)),
      visit_(std::move(visit)),
      levels_(root_.levels) {}

Result<Bytes> XfsTree::next() {
  while (true) {
    // The lowest level that has entries left.
    std::size_t level = 0;
    while (level < levels_.size() && levels_[level].next == levels_[level].count) ++level;
    if (level == 0) {
      Level& leaf = levels_.front();
      return Bytes(leaf.block)
          .subspan(header_bytes() + leaf.next++ * kind_.record_bytes, kind_.record_bytes);
    }
    if (level < levels_.size()) {
      TRY(load(level - 1, child(levels_[level], levels_[level].next++)));
    } else if (next_root_ < root_.blocks.size()) {
      TRY(load(level - 1, root_.blocks[next_root_++]));
    } else {
      for (const Level& last : levels_)
        if (last.right != kNone) return fail(damage("neighbours"));
      return Bytes();
    }
  }
}

std::size_t XfsTree::header_bytes() const {
  if (kind_.pointer_bytes == 8) return super_.is_v5() ? 72 : 24;
  return super_.is_v5() ? 56 : 16;
}

std::size_t XfsTree::most_entries(std::size_t level) const {
  const std::size_t entry = level == 0 ? kind_.record_bytes : kind_.key_bytes + kind_.pointer_bytes;
  return (super_.block_bytes - header_bytes()) / entry;
}

std::uint64_t XfsTree::pointer(std::size_t offset, Bytes block) const {
  const ByteReader f(block);
  if (kind_.pointer_bytes == 8) return f.be64(offset);
  const std::uint32_t number = f.be32(offset);
  return number == UINT32_MAX ? kNone : number;
}

std::uint64_t XfsTree::child(const Level& level, std::size_t number) const {
  const std::size_t pointers = header_bytes() + most_entries(1) * kind_.key_bytes;
  return pointer(pointers + number * kind_.pointer_bytes, level.block);
}

Result<std::uint64_t> XfsTree::address(std::uint64_t block) const {
  if (kind_.pointer_bytes == 8) {
    const auto run = super_.run(block, 1);
    if (!run) return fail(damage("a pointer out of bounds"));
    return run->offset;
  }
  const auto group = static_cast<std::uint32_t>(root_.owner);
  if (block >= super_.blocks_in(group)) return fail(damage("a pointer out of bounds"));
  return super_.offset_of(group, block);
}

Result<void> XfsTree::load(std::size_t level, std::uint64_t block) {
  const std::uint64_t offset = TRY(address(block));
  const Bytes bytes = TRY(
      naming(window_.at(offset, super_.block_bytes), std::format("a block of its {}", kind_.name)));
  TRY(check_block(level, offset, bytes));
  Level& into = levels_[level];
  TRY(check_neighbours(into, block, bytes));
  into.block.assign(bytes.begin(), bytes.end());
  into.count = ByteReader(bytes).be16(6);
  into.next = 0;
  ++blocks_;
  return visit_(offset);
}

Result<void> XfsTree::check_block(std::size_t level, std::uint64_t offset, Bytes block) const {
  const ByteReader f(block);
  if (!f.equals(0, super_.is_v5() ? kind_.magic_v5 : kind_.magic))
    return fail(damage("not one of its blocks"));
  if (f.be16(4) != level) return fail(damage("level"));
  // Only a group's tree that is one block may be empty.
  const std::size_t entries = f.be16(6);
  const bool alone = levels_.size() == 1 && kind_.pointer_bytes == 4;
  if (entries > most_entries(level) || (entries == 0 && !alone))
    return fail(damage("number of entries"));
  if (!super_.is_v5()) return {};

  const bool wide = kind_.pointer_bytes == 8;
  if (!xfs_checksum_matches(block, wide ? 64 : 52)) return fail(damage("checksum"));
  if (f.be64(wide ? 24 : 16) != offset / 512) return fail(damage("a misplaced block"));
  if (!std::ranges::equal(f.bytes(wide ? 40 : 32, 16), super_.meta_uuid))
    return fail(damage("of another filesystem"));
  if ((wide ? f.be64(56) : f.be32(48)) != root_.owner) return fail(damage("of another owner"));
  return {};
}

// The blocks of a level are linked, too, which must tell the same story as the level above.
Result<void> XfsTree::check_neighbours(Level& level, std::uint64_t block, Bytes bytes) const {
  const std::uint64_t left = pointer(8, bytes);
  const bool first = level.here == kNone;
  if (left != level.here || (!first && level.right != block)) return fail(damage("neighbours"));
  level.here = block;
  level.right = pointer(8 + kind_.pointer_bytes, bytes);
  return {};
}

Error XfsTree::damage(std::string_view what) const {
  const std::string_view owner = kind_.pointer_bytes == 8 ? "inode" : "allocation group";
  return doubt(
      std::format("the {} of {} {} is damaged ({})", kind_.name, owner, root_.owner, what));
}

}  // namespace drydock::fs
