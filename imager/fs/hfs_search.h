#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "fs/hfs_leaves.h"
#include "fs/hfs_node.h"

namespace drydock::fs {

// A B-tree file of HFS Plus searched by its keys. Made for damaged volumes: a leaf that cannot be
// read or contradicts itself hides what is in it and nothing else, and where what leads to the
// leaves is lost they are looked for one by one. For one thread; `file` must outlive it.
class HfsSearch {
 public:
  // How a key lies to what is searched.
  enum class Order { before, equal, behind };
  using Compare = std::function<Order(const ByteReader& key)>;
  // Told of a record and of the leaf that holds it; false ends the search.
  using Visit =
      std::function<bool(std::uint32_t leaf, const ByteReader& key, const ByteReader& data)>;

  // `id_at` is where in a key the number stands by which keys are sorted first.
  HfsSearch(HfsForkReader& file, std::size_t id_at) : file_(file), id_at_(id_at) {}

  // Calls `visit` for every record of that number whose key is equal for `among`, in the order of
  // the tree as far as that is known. Where any may be missing it fails in the end, with the first
  // reason.
  Result<void> find(std::uint32_t id, const Compare& among, const Visit& visit);
  Result<void> find(std::uint32_t id, const Visit& visit);

  // Calls `visit` for the records of one leaf.
  Result<void> visit_leaf(std::uint32_t number, const Visit& visit);

 private:
  using NodePointer = std::shared_ptr<const HfsNode>;  // `visit` may search in the same tree
  struct Run;

  Result<void> prepare();
  Result<NodePointer> node(std::uint32_t number);
  Result<NodePointer> node_of_height(Run& run, std::uint32_t number, unsigned height);
  void descend(Run& run, std::uint32_t number, unsigned height);
  void descend_index(Run& run, const HfsNode& index);
  void search_leaf(Run& run, const HfsNode& leaf) const;
  void search_leaves(Run& run);
  Order order(const Run& run, const ByteReader& key) const;

  HfsForkReader& file_;
  std::size_t id_at_;
  std::optional<HfsTreeHeader> header_;
  std::optional<Error> without_header_;  // it is guessed, for this reason
  std::vector<NodePointer> held_;        // by number, as far as there is room
  std::optional<HfsLeaves> leaves_;
};

// Of numbers: where `found` lies to `wanted`.
template <std::unsigned_integral T>
HfsSearch::Order hfs_order(T found, T wanted) {
  if (found == wanted) return HfsSearch::Order::equal;
  return found < wanted ? HfsSearch::Order::before : HfsSearch::Order::behind;
}

}  // namespace drydock::fs
