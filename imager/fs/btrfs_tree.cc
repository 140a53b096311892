#include "fs/btrfs_tree.h"

#include <algorithm>
#include <format>
#include <numeric>

#include "base/units.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kHeader = 101;
constexpr std::size_t kLeafItem = 25;
constexpr std::size_t kPointer = 33;
constexpr std::uint8_t kMostLevels = 8;
constexpr BtrfsKey kBehindAll{~std::uint64_t{0}, 0xFF, ~std::uint64_t{0}};  // no item has this key
// How much of the leaves below one block is held at a time.
constexpr std::size_t kBatch = 4 * kMiB;

std::string name_of(const BtrfsRef& ref) {
  return std::format("the tree block at {}", ref.logical);
}

}  // namespace

BtrfsNode::BtrfsNode(Bytes bytes, const BtrfsRef& ref)
    : bytes_(bytes), ref_(ref), items_(ByteReader(bytes).le32(96)) {}

BtrfsKey BtrfsNode::key(std::uint32_t i) const {
  const std::size_t each = leaf() ? kLeafItem : kPointer;
  return BtrfsKey::decode(ByteReader(bytes_).bytes(kHeader + i * each, BtrfsKey::kBytes));
}

Bytes BtrfsNode::item(std::uint32_t i) const {
  const ByteReader f(bytes_);
  const std::size_t at = kHeader + i * kLeafItem + BtrfsKey::kBytes;
  return f.bytes(kHeader + f.le32(at), f.le32(at + 4));
}

BtrfsRef BtrfsNode::child(std::uint32_t i) const {
  const ByteReader f(bytes_);
  const std::size_t at = kHeader + i * kPointer + BtrfsKey::kBytes;
  return {f.le64(at), f.le64(at + 8), static_cast<std::uint8_t>(ref_.level - 1), ref_.owner};
}

std::string BtrfsNode::fault() const {
  const std::size_t each = leaf() ? kLeafItem : kPointer;
  if (items_ > (bytes_.size() - kHeader) / each || (items_ == 0 && !leaf()))
    return std::format("has {} items", items_);
  const ByteReader f(bytes_);
  const std::size_t table_end = kHeader + items_ * each;
  for (std::uint32_t i = 0; i < items_; ++i) {
    if (i > 0 && !(key(i - 1) < key(i))) return "has keys out of order";
    if (!leaf()) continue;
    const std::size_t at = kHeader + i * kLeafItem + BtrfsKey::kBytes;
    const std::size_t offset = kHeader + f.le32(at);
    const std::size_t length = f.le32(at + 4);
    if (offset < table_end || offset > bytes_.size() || length > bytes_.size() - offset)
      return "has an item outside of it";
  }
  return {};
}

Result<BtrfsNode> BtrfsTrees::read(const BtrfsRef& ref, std::vector<std::byte>& bytes) {
  const auto damaged = [&](std::string_view how) {
    return fail(doubt(std::format("{} {}", name_of(ref), how)));
  };
  if (ref.level >= kMostLevels) return damaged("is too deep in its tree");
  if (ref.logical % super_.sector_bytes != 0) return damaged("is not aligned");
  const std::uint64_t at = TRY(chunks_.physical({ref.logical, super_.node_bytes}));
  const Bytes read = TRY(naming(window_.at(at, super_.node_bytes), name_of(ref)));
  bytes.assign(read.begin(), read.end());

  const ByteReader f(bytes);
  if (!super_.checksum_matches(bytes)) return damaged("is damaged (checksum)");
  if (f.le64(48) != ref.logical || !std::ranges::equal(f.bytes(32, 16), super_.node_uuid))
    return damaged("belongs elsewhere");
  if (f.u8(100) != ref.level)
    return damaged(std::format("is of level {} instead of {}", f.u8(100), ref.level));
  if (f.le64(80) != ref.generation)
    return damaged(std::format("is of generation {} instead of {}", f.le64(80), ref.generation));
  if (ref.owner != 0 && f.le64(88) != ref.owner)
    return damaged(std::format("is of tree {} instead of {}", f.le64(88), ref.owner));
  const BtrfsNode node(bytes, ref);
  if (const std::string fault = node.fault(); !fault.empty()) return damaged(fault);
  return node;
}

Result<void> BtrfsTrees::walk(const BtrfsRef& root, const Visit& visit) {
  any_seen_ = false;
  // Blocks on the way down to the one that is looked at; as many as the tree is high.
  struct Step {
    std::vector<std::byte> bytes;
    BtrfsNode node;
    std::uint32_t next = 0;
  };
  std::vector<Step> path;
  const auto enter = [&](const BtrfsRef& ref) -> Result<void> {
    std::vector<std::byte> bytes;
    const BtrfsNode node = TRY(read(ref, bytes));
    if (node.leaf()) {
      TRY(check_order(node));
      return visit(node);
    }
    if (ref.level == 1) return walk_leaves(node, visit);
    path.push_back({std::move(bytes), node});
    return {};
  };
  TRY(enter(root));
  while (!path.empty()) {
    Step& step = path.back();
    if (step.next == step.node.size())
      path.pop_back();
    else
      TRY(enter(step.node.child(step.next++)));
  }
  return {};
}

Result<void> BtrfsTrees::search(const BtrfsRef& root, const BtrfsKey& first, const BtrfsKey& last,
                                const VisitItem& visit) {
  TRY(search_below(root, {}, kBehindAll, Search{first, last, visit}));
  return {};
}

// Whether to go on. All keys below a block lie from `low` to before `high`: without that, blocks
// that have several parents could make the way through a small tree very long. As deep as the
// block's level, which read() limits.
Result<bool> BtrfsTrees::search_below(const BtrfsRef& block, const BtrfsKey& low,
                                      const BtrfsKey& high, const Search& search) {
  std::vector<std::byte> bytes;
  const BtrfsNode node = TRY(read(block, bytes));
  if (node.size() > 0 && (node.key(0) < low || node.key(node.size() - 1) >= high))
    return fail(doubt(std::format("{} has keys that its parent has elsewhere", name_of(block))));
  for (std::uint32_t i = 0; i < node.size() && node.key(i) <= search.last; ++i) {
    if (node.leaf()) {
      if (node.key(i) >= search.first && !TRY(search.visit(node.key(i), node.item(i))))
        return false;
      continue;
    }
    const BtrfsKey next = i + 1 < node.size() ? node.key(i + 1) : high;
    if (next > search.first && !TRY(search_below(node.child(i), node.key(i), next, search)))
      return false;
  }
  return true;
}

// Leaves that follow each other by key lie all over the device: they are read in the order in which
// they lie there.
Result<void> BtrfsTrees::walk_leaves(const BtrfsNode& parent, const Visit& visit) {
  const auto most = static_cast<std::uint32_t>(kBatch / super_.node_bytes);
  std::vector<std::vector<std::byte>> leaves(std::min(most, parent.size()));
  std::vector<std::uint32_t> order;
  for (std::uint32_t first = 0; first < parent.size(); first += most) {
    const std::uint32_t count = std::min(most, parent.size() - first);
    order.resize(count);
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {}, [&](std::uint32_t i) { return parent.child(first + i).logical; });
    for (const std::uint32_t i : order) TRY(read(parent.child(first + i), leaves[i]));
    for (std::uint32_t i = 0; i < count; ++i) {
      const BtrfsNode leaf(leaves[i], parent.child(first + i));
      if (leaf.size() == 0 || leaf.key(0) != parent.key(first + i))
        return fail(doubt(
            std::format("{} begins with another key than its parent says", name_of(leaf.ref()))));
      TRY(check_order(leaf));
      TRY(visit(leaf));
    }
  }
  return {};
}

Result<void> BtrfsTrees::check_order(const BtrfsNode& leaf) {
  if (leaf.size() == 0) return {};
  if (any_seen_ && !(last_ < leaf.key(0)))
    return fail(doubt(std::format("{} has keys out of order", name_of(leaf.ref()))));
  last_ = leaf.key(leaf.size() - 1);
  any_seen_ = true;
  return {};
}

}  // namespace drydock::fs
