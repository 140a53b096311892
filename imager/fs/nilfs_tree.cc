#include "fs/nilfs_tree.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kMapAt = 56;
constexpr std::size_t kMapBytes = 56;
constexpr std::size_t kDirect = 6;
constexpr unsigned kMostLevels = 14;
constexpr std::uint8_t kIsTree = 1;
constexpr std::uint8_t kIsRoot = 1;

Error damaged() {
  return doubt("a tree of its metadata is damaged");
}

}  // namespace

NilfsTree::NilfsTree(const io::BlockSource& volume, const NilfsSuper& super, Bytes inode,
                     NilfsPlace place)
    : super_(super), window_(volume), place_(std::move(place)) {
  const Bytes map = inode.subspan(kMapAt, kMapBytes);
  map_.assign(map.begin(), map.end());
}

bool NilfsTree::is_tree() const {
  return (ByteReader(map_).u8(0) & kIsTree) != 0;
}

Result<NilfsTree::Node> NilfsTree::parse(Bytes bytes, std::size_t header, std::size_t most) {
  Node node;
  node.bytes.assign(bytes.begin(), bytes.end());
  const ByteReader f(node.bytes);
  node.level = f.u8(1);
  node.count = f.le16(2);
  node.keys_at = header;
  node.pointers_at = header + most * 8;
  if (node.level == 0 || node.level >= kMostLevels || node.count == 0 || node.count > most)
    return fail(damaged());
  return node;
}

Result<NilfsTree::Node> NilfsTree::root() const {
  return parse(map_, 8, 3);
}

Result<NilfsTree::Node> NilfsTree::node_at(std::uint64_t block, unsigned level) {
  const Bytes bytes = TRY(
      naming(window_.at(block * super_.block_bytes, super_.block_bytes), "a tree of its metadata"));
  Node node = TRY(parse(bytes, 16, (super_.block_bytes - 16) / 16));
  if (node.level != level || (ByteReader(bytes).u8(0) & kIsRoot) != 0) return fail(damaged());
  return node;
}

Result<std::optional<std::uint64_t>> NilfsTree::find(std::uint64_t key) {
  if (!is_tree()) {
    const std::uint64_t pointer = key < kDirect ? ByteReader(map_).le64(8 + key * 8) : 0;
    if (pointer == 0) return std::nullopt;
    return TRY(place_(pointer));
  }
  Node node = TRY(root());
  for (;;) {
    std::size_t i = node.count;
    while (i > 0 && node.key(i - 1) > key) --i;
    if (i == 0) return std::nullopt;
    const std::uint64_t block = TRY(place_(node.pointer(i - 1)));
    if (node.level == 1) {
      if (node.key(i - 1) != key) return std::nullopt;
      return block;
    }
    node = TRY(node_at(block, node.level - 1));
  }
}

Result<void> NilfsTree::walk(const Visitor& visitor) {
  last_key_.reset();
  if (is_tree()) return walk(TRY(root()), visitor);
  for (std::size_t i = 0; i < kDirect; ++i) {
    const std::uint64_t pointer = ByteReader(map_).le64(8 + i * 8);
    if (pointer == 0) continue;
    const std::uint64_t block = TRY(place_(pointer));
    TRY(visit(i, block, visitor));
  }
  return {};
}

// A level down each time, so no deeper than kMostLevels.
Result<void> NilfsTree::walk(const Node& node, const Visitor& visitor) {
  for (std::size_t i = 0; i < node.count; ++i) {
    const std::uint64_t block = TRY(place_(node.pointer(i)));
    if (node.level == 1) {
      TRY(visit(node.key(i), block, visitor));
      continue;
    }
    TRY(visitor.node(block));
    const Node child = TRY(node_at(block, node.level - 1));
    if (child.key(0) != node.key(i)) return fail(damaged());
    TRY(walk(child, visitor));
  }
  return {};
}

Result<void> NilfsTree::visit(std::uint64_t key, std::uint64_t block, const Visitor& visitor) {
  if (last_key_ && key <= *last_key_) return fail(damaged());
  last_key_ = key;
  return visitor.data(key, block);
}

}  // namespace drydock::fs
