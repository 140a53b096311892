#include "fs/hfs_search.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/units.h"

namespace drydock::fs {
namespace {

constexpr std::size_t kHeldBytes = 2 * kMiB;

// With the size of nodes for which most of the leaves at the start of the file are linked to their
// neighbours: with another one these are elsewhere.
std::optional<HfsTreeHeader> guess_header(HfsForkReader& file) {
  constexpr std::uint32_t kLeast = 512, kMost = 32768, kTried = 256;
  std::optional<HfsTreeHeader> best;
  std::uint32_t most = 0;
  HfsNode leaf, next;
  for (std::uint32_t size = kMost; size >= kLeast; size /= 2) {
    const HfsTreeHeader header{.node_bytes = size,
                               .nodes = static_cast<std::uint32_t>(
                                   std::min<std::uint64_t>(file.bytes() / size, UINT32_MAX))};
    std::uint32_t linked = 0;
    for (std::uint32_t number = 1; number < std::min(header.nodes, kTried); ++number) {
      if (!leaf.load(file, header, number) || leaf.kind != HfsNode::kLeaf || leaf.records() == 0)
        continue;
      if (leaf.next == 0 || (next.load(file, header, leaf.next) && next.kind == HfsNode::kLeaf &&
                             next.previous == number))
        ++linked;
    }
    if (linked <= most) continue;
    most = linked;
    best = header;
  }
  return best;
}

}  // namespace

// One search.
struct HfsSearch::Run {
  std::uint32_t id;
  const Compare& among;
  const Visit& visit;
  std::set<std::uint32_t> seen = {};  // nodes: none may be in the tree twice
  std::optional<Error> problem = {};  // the first that hides records
  std::optional<Error> lost = {};     // the first that hides nodes
  bool ended = false;                 // by `visit`

  void note(Error error) {
    if (!problem) problem = std::move(error);
  }
  void lose(Error error) {
    if (!lost) lost = std::move(error);
  }
  Result<void> result() {
    if (ended || !problem) return {};
    return fail(std::move(*problem));
  }
  // False when a key lies before one that was in front of it.
  bool in_order(Order order, Order& last) const {
    const bool right = order >= last;
    last = std::max(last, order);
    return right;
  }
};

Result<void> HfsSearch::prepare() {
  if (header_) return {};
  auto header = HfsTreeHeader::read(file_);
  if (header) {
    header_ = *header;
  } else {
    header_ = guess_header(file_);
    if (!header_) return fail(std::move(header.error()));
    without_header_ = std::move(header.error());
  }
  held_.resize(std::max<std::size_t>(kHeldBytes / header_->node_bytes, 1));
  return {};
}

Result<void> HfsSearch::find(std::uint32_t id, const Visit& visit) {
  return find(id, [](const ByteReader&) { return Order::equal; }, visit);
}

Result<void> HfsSearch::find(std::uint32_t id, const Compare& among, const Visit& visit) {
  TRY(prepare());
  Run run{id, among, visit};
  if (without_header_) {
    run.lose(*without_header_);
  } else {
    if (header_->root == 0) return {};
    descend(run, header_->root, header_->height);
  }
  if (run.lost && !run.ended) search_leaves(run);
  return run.result();
}

Result<void> HfsSearch::visit_leaf(std::uint32_t number, const Visit& visit) {
  TRY(prepare());
  const NodePointer leaf = TRY(node(number));
  if (leaf->kind != HfsNode::kLeaf) return fail(damaged_node(file_, number, "it should be a leaf"));
  for (std::size_t i = 0; i < leaf->records(); ++i) {
    const auto entry = leaf->entry(file_, i);
    if (entry && !visit(number, entry->key, entry->data)) break;
  }
  return {};
}

Result<HfsSearch::NodePointer> HfsSearch::node(std::uint32_t number) {
  NodePointer& held = held_[number % held_.size()];
  if (held && held->number == number) return held;
  auto loaded = std::make_shared<HfsNode>();
  TRY(loaded->load(file_, *header_, number));
  held = std::move(loaded);
  return held;
}

Result<HfsSearch::NodePointer> HfsSearch::node_of_height(Run& run, std::uint32_t number,
                                                         unsigned height) {
  if (run.seen.contains(number))
    return fail(damaged_node(file_, number, "it is in the tree twice"));
  NodePointer found = TRY(node(number));
  const std::uint8_t kind = height == 1 ? HfsNode::kLeaf : HfsNode::kIndex;
  if (height == 0 || found->height != height || found->kind != kind)
    return fail(damaged_node(file_, number, "it is not of the kind that should be there"));
  run.seen.insert(number);
  return found;
}

// Ends, for every step down is of a lesser height, and no node is looked into twice.
void HfsSearch::descend(Run& run, std::uint32_t number, unsigned height) {
  const auto found = node_of_height(run, number, height);
  if (!found) return run.lose(found.error());
  if (height == 1) return search_leaf(run, **found);
  descend_index(run, **found);
}

// What is searched can be below an entry unless the next one is still before it.
void HfsSearch::descend_index(Run& run, const HfsNode& index) {
  std::optional<std::uint32_t> child;  // not looked into yet
  Order last = Order::before;
  for (std::size_t i = 0; i < index.records() && !run.ended; ++i) {
    const auto entry = index.entry(file_, i);
    if (!entry) {
      run.lose(entry.error());
      continue;
    }
    const Order found = order(run, entry->key);
    if (!run.in_order(found, last))
      run.lose(damaged_node(file_, index.number, "its keys are not in order"));
    if (child && found != Order::before) descend(run, *child, index.height - 1u);
    child.reset();
    if (found != Order::behind) child = entry->data.be32(0);
  }
  if (child && !run.ended) descend(run, *child, index.height - 1u);
}

void HfsSearch::search_leaf(Run& run, const HfsNode& leaf) const {
  Order last = Order::before;
  for (std::size_t i = 0; i < leaf.records() && !run.ended; ++i) {
    const auto entry = leaf.entry(file_, i);
    if (!entry) {
      run.note(entry.error());
      continue;
    }
    const Order found = order(run, entry->key);
    if (!run.in_order(found, last))
      run.note(damaged_node(file_, leaf.number, "its keys are not in order"));
    if (found == Order::equal) run.ended = !run.visit(leaf.number, entry->key, entry->data);
  }
}

// All that were not found on the way down.
void HfsSearch::search_leaves(Run& run) {
  if (!leaves_) {
    auto leaves = HfsLeaves::read(file_, *header_, id_at_);
    if (!leaves) return run.note(*run.lost);
    leaves_ = std::move(*leaves);
  }
  const HfsLeaves::Part part = leaves_->with(run.id);
  if (!part.complete) run.note(*run.lost);
  for (const HfsLeaves::Leaf& leaf : part.leaves) {
    if (run.ended) return;
    if (!run.seen.insert(leaf.number).second) continue;
    const auto found = node(leaf.number);
    if (!found)
      run.note(found.error());
    else
      search_leaf(run, **found);
  }
}

HfsSearch::Order HfsSearch::order(const Run& run, const ByteReader& key) const {
  const std::uint32_t id = key.be32(id_at_);
  return id == run.id ? run.among(key) : hfs_order(id, run.id);
}

}  // namespace drydock::fs
