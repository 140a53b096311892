#pragma once

#include <vector>

#include "fs/hfs_node.h"

namespace drydock::fs {

// The leaves of a B-tree file of HFS Plus, found without the nodes that lead to them: by reading
// every node, and put in order by their links.
class HfsLeaves {
 public:
  struct Leaf {
    std::uint32_t number = 0;
    std::uint32_t id = 0;    // what its first key begins with
    bool after_gap = false;  // what comes before it is not known
  };

  // Nodes that cannot be read are left out, as are leaves that are in use no more: those next to
  // them in the tree know nothing of them. `id_at` as in HfsSearch. Fails where there are more
  // nodes than it has memory for.
  static Result<HfsLeaves> read(HfsForkReader& file, const HfsTreeHeader& header,
                                std::size_t id_at);

  // Those that may have keys of that number, in the order of the tree.
  struct Part {
    std::vector<Leaf> leaves;
    bool complete = true;  // there are no others
  };
  Part with(std::uint32_t id) const;

 private:
  std::vector<Leaf> leaves_;  // in the order of the tree
  bool end_known_ = true;
};

}  // namespace drydock::fs
