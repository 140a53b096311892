#include "fs/btrfs_chunk_tree.h"

#include <algorithm>
#include <format>

namespace drydock::fs {
namespace {

constexpr std::uint8_t kDeviceItem = 216;

// The chunk with the same addresses must be the same chunk.
Result<void> check_same(const BtrfsChunks& of_super, const BtrfsChunks& all) {
  for (const BtrfsChunk& chunk : of_super.all())
    if (!std::ranges::binary_search(all.all(), chunk.logical.offset, {},
                                    [](const BtrfsChunk& c) { return c.logical.offset; }) ||
        all.all()[TRY(all.find(chunk.logical))] != chunk)
      return fail(doubt(std::format("its superblock and its chunk tree differ about chunk {}",
                                    chunk.logical.offset)));
  return {};
}

}  // namespace

BtrfsRef btrfs_chunk_tree(const BtrfsSuper& super) {
  return {super.chunk_root, super.chunk_root_generation, super.chunk_root_level, kBtrfsChunkTree};
}

Result<void> read_btrfs_chunks(const BtrfsSuper& super, BtrfsTrees& trees, BtrfsChunks& chunks) {
  TRY(chunks.add_system_chunks());
  BtrfsChunks all(super);
  std::uint32_t devices = 0;
  TRY(trees.walk(btrfs_chunk_tree(super), [&](const BtrfsNode& leaf) -> Result<void> {
    for (std::uint32_t i = 0; i < leaf.size(); ++i) {
      const BtrfsKey key = leaf.key(i);
      if (key.type == BtrfsChunks::kChunkItem)
        TRY(all.add(key, leaf.item(i)));
      else if (key.type == kDeviceItem && key.offset == super.device && devices++ == 0)
        continue;
      else
        return fail(doubt(
            std::format("its chunk tree has an unknown item (type {}, {})", key.type, key.offset)));
    }
    return {};
  }));
  if (devices != 1) return fail(doubt("its chunk tree does not name its device"));
  TRY(check_same(chunks, all));
  chunks = std::move(all);
  return {};
}

}  // namespace drydock::fs
