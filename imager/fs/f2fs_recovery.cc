#include "fs/f2fs_recovery.h"

#include "fs/f2fs_node.h"
#include "fs/read.h"

namespace drydock::fs {
namespace {}  // namespace

Result<bool> F2fsRecovery::waits() const {
  if (super_.has(F2fsSuper::kReadOnly)) return false;
  return is_newer(TRY(read_node(first())));
}

Result<void> F2fsRecovery::keep(UsedMap& map) const {
  if (super_.has(F2fsSuper::kReadOnly)) return {};
  map.keep(first() * kF2fsBlock, kF2fsBlock);
  const bool waiting = TRY(waits());
  if (checkpoint_.has(F2fsCheckpoint::kUnmounted) && !waiting) return {};
  for (const auto& log : checkpoint_.logs)
    map.keep((super_.main + log.segment * kF2fsSegment) * kF2fsBlock, kF2fsSegment * kF2fsBlock);
  return follow(map);
}

Result<std::vector<std::byte>> F2fsRecovery::read_node(std::uint64_t block) const {
  return naming(io::read_bytes(volume_, block * kF2fsBlock, kF2fsBlock),
                "the chain of newer nodes");
}

// Nodes carry the version of the checkpoint before them, with its checksum above it or not.
bool F2fsRecovery::is_newer(Bytes block) const {
  const std::uint64_t version = F2fsNode(block).version();
  if (checkpoint_.has(F2fsCheckpoint::kNoCrcRecovery))
    return version << 32 == checkpoint_.version << 32;
  std::uint64_t told = checkpoint_.version;
  if (checkpoint_.has(F2fsCheckpoint::kCrcRecovery))
    told |= std::uint64_t{checkpoint_.checksum} << 32;
  return version == told;
}

std::uint64_t F2fsRecovery::first() const {
  const auto& log = checkpoint_.logs[F2fsCheckpoint::kWarmNodes];
  return super_.main + log.segment * kF2fsSegment + log.offset;
}

// A chain that comes back to itself is found as a mark is left behind ever more rarely.
Result<void> F2fsRecovery::follow(UsedMap& map) const {
  std::uint64_t mark = 0;
  std::uint64_t step = 0;
  std::uint64_t next_mark = 1;
  for (std::uint64_t at = first(); super_.in_main(at); ++step) {
    if (at == mark) return fail(doubt("its chain of newer nodes is a loop"));
    if (step == next_mark) {
      mark = at;
      next_mark *= 2;
    }
    map.keep(at * kF2fsBlock, kF2fsBlock);
    const auto block = TRY(read_node(at));
    if (!is_newer(block)) break;
    const F2fsNode node(block);
    const auto all = node.addresses(super_);
    for (std::size_t i = 0; i < all.count; ++i)
      if (super_.in_main(node.address(all, i)))
        map.keep(node.address(all, i) * kF2fsBlock, kF2fsBlock);
    at = node.next();
  }
  return {};
}

}  // namespace drydock::fs
