#include "fs/hfs_leaves.h"

#include <algorithm>
#include <format>
#include <optional>

#include "fs/read.h"

namespace drydock::fs {
namespace {

constexpr std::uint64_t kMostTreeNodes = std::uint64_t{1} << 20;

struct LinkedLeaf {
  std::uint32_t number = 0;
  std::uint32_t id = 0;
  std::uint32_t previous = 0;
  std::uint32_t next = 0;
};

// Sorted by number.
using LinkedLeaves = std::vector<LinkedLeaf>;

const LinkedLeaf* leaf_of(const LinkedLeaves& all, std::uint32_t number) {
  const auto found = std::ranges::lower_bound(all, number, {}, &LinkedLeaf::number);
  return found != all.end() && found->number == number ? &*found : nullptr;
}

std::optional<LinkedLeaf> load_leaf(HfsNode& node, HfsForkReader& file, const HfsTreeHeader& header,
                                    std::uint32_t number, std::size_t id_at) {
  if (!node.load(file, header, number) || node.kind != HfsNode::kLeaf || node.height != 1 ||
      node.records() == 0)
    return std::nullopt;
  const auto first = node.entry(file, 0);
  if (!first) return std::nullopt;
  return LinkedLeaf{number, first->key.be32(id_at), node.previous, node.next};
}

// Whether `leaf` comes directly in front of `next`, in the eyes of both.
bool joined_leaves(const LinkedLeaf* leaf, const LinkedLeaf* next) {
  return leaf != nullptr && next != nullptr && leaf->next == next->number &&
         next->previous == leaf->number;
}

// In use no more: there are neighbours, but they name others in its place.
bool is_stale(const LinkedLeaves& all, const LinkedLeaf& leaf) {
  const LinkedLeaf* const before = leaf_of(all, leaf.previous);
  const LinkedLeaf* const behind = leaf_of(all, leaf.next);
  return (before != nullptr || behind != nullptr) && !joined_leaves(before, &leaf) &&
         !joined_leaves(&leaf, behind);
}

}  // namespace

Result<HfsLeaves> HfsLeaves::read(HfsForkReader& file, const HfsTreeHeader& header,
                                  std::size_t id_at) {
  const std::uint64_t nodes =
      std::min<std::uint64_t>(header.nodes, file.bytes() / header.node_bytes);
  if (nodes > kMostTreeNodes)
    return fail(
        doubt(std::format("{} has too many nodes to be read without an index", file.name())));
  LinkedLeaves all;
  HfsNode node;
  for (std::uint32_t number = 1; number < nodes; ++number)
    if (const auto leaf = load_leaf(node, file, header, number, id_at)) all.push_back(*leaf);

  // Rows that begin where what comes before is not known, each in its order, then row by row.
  LinkedLeaves starts;
  for (const LinkedLeaf& leaf : all)
    if (!is_stale(all, leaf) && !joined_leaves(leaf_of(all, leaf.previous), &leaf))
      starts.push_back(leaf);
  std::ranges::stable_sort(starts, {}, &LinkedLeaf::id);
  HfsLeaves found;
  for (const LinkedLeaf& start : starts) {
    bool after_gap = start.previous != 0 || !found.leaves_.empty();
    // Ends, as no leaf is joined to two.
    const LinkedLeaf* next = &start;
    for (const LinkedLeaf* leaf = nullptr; leaf == nullptr || joined_leaves(leaf, next);
         next = leaf_of(all, leaf->next)) {
      leaf = next;
      found.leaves_.push_back({leaf->number, leaf->id, after_gap});
      found.end_known_ = leaf->next == 0;
      after_gap = false;
    }
  }
  std::ranges::stable_sort(found.leaves_, {}, &Leaf::id);  // where damaged ones are among them
  return found;
}

HfsLeaves::Part HfsLeaves::with(std::uint32_t id) const {
  const auto ids = [](const Leaf& leaf) { return leaf.id; };
  auto at = std::ranges::lower_bound(leaves_, id, {}, ids);
  Part part;
  // The last one that begins before that number can have keys of it, too.
  if (at != leaves_.begin())
    --at;
  else if (at != leaves_.end())
    part.complete = !at->after_gap;
  const auto first = at;
  for (; at != leaves_.end(); ++at) {
    if (at != first && at->after_gap) part.complete = false;
    if (at->id > id) return part;
    part.leaves.push_back(*at);
  }
  part.complete = part.complete && end_known_ && !leaves_.empty();
  return part;
}

}  // namespace drydock::fs
