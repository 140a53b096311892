#pragma once

#include "base/result.h"
#include "fs/f2fs_checkpoint.h"
#include "fs/f2fs_super.h"
#include "fs/used_map.h"
#include "io/block_source.h"

namespace drydock::fs {

// What was made safe (fsync) after the checkpoint: a chain of nodes from where the log of warm
// nodes goes on, which a mount follows (roll-forward). Their blocks are free in the segment table.
class F2fsRecovery {
 public:
  // All must outlive this; `super` and `checkpoint` have been checked.
  F2fsRecovery(const io::BlockSource& volume, const F2fsSuper& super,
               const F2fsCheckpoint& checkpoint)
      : volume_(volume), super_(super), checkpoint_(checkpoint) {}

  // Whether a mount would find anything.
  Result<bool> waits() const;

  // Keeps all that a mount could read: the chain, the block that ends it, what its nodes point to;
  // and, where there is a chain or the volume was not unmounted, all segments that are being
  // written to.
  Result<void> keep(UsedMap& map) const;

 private:
  Result<std::vector<std::byte>> read_node(std::uint64_t block) const;
  bool is_newer(Bytes block) const;
  std::uint64_t first() const;
  Result<void> follow(UsedMap& map) const;

  const io::BlockSource& volume_;
  const F2fsSuper& super_;
  const F2fsCheckpoint& checkpoint_;
};

}  // namespace drydock::fs
