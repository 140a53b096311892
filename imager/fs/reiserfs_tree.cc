#include "fs/reiserfs_tree.h"

#include <format>

namespace drydock::fs {
namespace {

constexpr std::size_t kNodeHeader = 24;
constexpr std::size_t kItemHeader = 24;
constexpr std::size_t kKey = 16;
constexpr std::size_t kPointer = 8;

// Whether an item is a list of a file's blocks. Keys of 3.5 have a word for it, those of 3.6 the
// highest 4 bits of the place.
bool is_block_list(const ByteReader& header, bool old_key) {
  constexpr std::uint32_t kOldBlockList = 0xFFFFFFFE;
  return old_key ? header.le32(12) == kOldBlockList : header.le64(8) >> 60 == 1;
}

std::unexpected<Error> damaged(std::uint32_t block, std::string_view what) {
  return fail(doubt(std::format("block {} of its tree is damaged ({})", block, what)));
}

}  // namespace

// Items are in the order of their keys in the whole tree, and no node is empty: so none is seen
// twice, and this ends.
Result<std::uint64_t> ReiserTree::count_blocks() {
  if (levels_.size() == 1) {
    TRY(read_leaf(super_.root));
    return blocks_;
  }
  TRY(read_inner(super_.root, levels_.size() - 1));
  std::size_t level = levels_.size() - 1;
  while (level < levels_.size()) {
    Level& here = levels_[level];
    if (here.next == here.children.size()) {
      ++level;
      continue;
    }
    const std::uint32_t child = here.children[here.next++];
    if (level == 1) {
      TRY(read_leaf(child));
    } else {
      TRY(read_inner(child, --level));
    }
  }
  return blocks_;
}

Result<void> ReiserTree::use(std::uint32_t block, std::string_view as) {
  if (block >= super_.blocks)
    return fail(doubt(std::format("{} would be in block {}, out of bounds", as, block)));
  if (!used_.contains({super_.offset_of(block), super_.block_bytes}))
    return fail(doubt(std::format("its bitmaps call block {} free, but {} is in it", block, as)));
  // No block is used twice.
  if (++blocks_ > super_.blocks) return fail(doubt("its tree names more blocks than there are"));
  return {};
}

Result<Bytes> ReiserTree::read_node(std::uint32_t block, std::size_t level) {
  TRY(use(block, "a node of its tree"));
  const Bytes node = TRY(naming(window_.at(super_.offset_of(block), super_.block_bytes),
                                std::format("block {} of its tree", block)));
  const ByteReader f(node);
  if (f.le16(0) != level + 1) return damaged(block, "level");
  if (f.le16(2) == 0) return damaged(block, "number of items");
  return node;
}

// `n` keys, and pointers to what lies before, between and behind them.
Result<void> ReiserTree::read_inner(std::uint32_t block, std::size_t level) {
  const Bytes node = TRY(read_node(block, level));
  const ByteReader f(node);
  const std::size_t keys = f.le16(2);
  const std::size_t pointers = kNodeHeader + keys * kKey;
  if (pointers + (keys + 1) * kPointer > node.size()) return damaged(block, "number of items");
  Level& here = levels_[level];
  here.children.clear();
  here.next = 0;
  for (std::size_t i = 0; i <= keys; ++i) here.children.push_back(f.le32(pointers + i * kPointer));
  return {};
}

Result<void> ReiserTree::read_leaf(std::uint32_t block) {
  const Bytes leaf = TRY(read_node(block, 0));
  const std::size_t items = ByteReader(leaf).le16(2);
  if (kNodeHeader + items * kItemHeader > leaf.size()) return damaged(block, "number of items");
  for (std::size_t i = 0; i < items; ++i)
    TRY(naming(read_item(leaf, i), std::format("item {} of block {} of its tree", i, block)));
  return {};
}

Result<void> ReiserTree::read_item(Bytes leaf, std::size_t number) {
  const ByteReader header(leaf.subspan(kNodeHeader + number * kItemHeader, kItemHeader));
  const std::uint16_t version = header.le16(22);
  if (version > 1) return fail(doubt("of an unknown version"));
  const bool old_key = version == 0;
  const std::uint64_t place =
      old_key ? header.le32(8) : header.le64(8) & ((std::uint64_t{1} << 60) - 1);
  const Key key{header.le32(0), header.le32(4), place};
  if (any_ && !(last_ < key)) return fail(doubt("out of order"));
  any_ = true;
  last_ = key;

  const std::size_t length = header.le16(18);
  const std::size_t start = header.le16(20);
  if (start + length > leaf.size()) return fail(doubt("out of bounds"));
  if (!is_block_list(header, old_key)) return {};
  if (length % 4 != 0) return fail(doubt("length"));
  const ByteReader list(leaf.subspan(start, length));
  for (std::size_t i = 0; i < length; i += 4) {
    const std::uint32_t block = list.le32(i);
    if (block != 0) TRY(use(block, "a file"));
  }
  return {};
}

}  // namespace drydock::fs
