#pragma once

#include <compare>
#include <functional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "core/extent.h"
#include "fs/btrfs_super.h"

namespace drydock::fs {

// The key of an item in any tree.
struct BtrfsKey {
  static constexpr std::size_t kBytes = 17;

  std::uint64_t object = 0;
  std::uint8_t type = 0;
  std::uint64_t offset = 0;

  static BtrfsKey decode(Bytes bytes);
  auto operator<=>(const BtrfsKey&) const = default;
};

// A run of logical addresses and where on the device they are stored: at one place or, for DUP, at
// two. Also the frame of a block group, which has the same addresses.
struct BtrfsChunk {
  enum Type : std::uint64_t { kData = 1, kSystem = 2, kMetadata = 4, kDup = 0x20 };

  Extent logical;
  std::uint64_t type = 0;
  std::uint32_t copies = 1;
  std::array<std::uint64_t, 2> physical{};

  bool operator==(const BtrfsChunk&) const = default;
};

// The map from logical to physical addresses of a filesystem on one device.
class BtrfsChunks {
 public:
  explicit BtrfsChunks(const BtrfsSuper& super) : super_(&super) {}

  static constexpr std::uint8_t kChunkItem = 228;

  // Those that the superblock holds, enough to read the chunk tree.
  Result<void> add_system_chunks();
  // One chunk item; sorted by logical address, each behind the last. Fails with the reason when it
  // is damaged, needs other devices or overlaps another.
  Result<void> add(const BtrfsKey& key, Bytes item);

  const std::vector<BtrfsChunk>& all() const { return chunks_; }
  // The index of the chunk that holds all of `logical`.
  Result<std::size_t> find(Extent logical) const;
  // True where any of `logical` is in a chunk.
  bool touches(Extent logical) const;
  // Where the first copy of a range inside one chunk lies.
  Result<std::uint64_t> physical(Extent logical) const;
  // Calls `keep` with every place where a part of `logical` is stored.
  void places(Extent logical,
              const std::function<void(std::uint64_t offset, std::uint64_t length)>& keep) const;

 private:
  Result<BtrfsChunk> decode(const BtrfsKey& key, Bytes item) const;

  const BtrfsSuper* super_;
  std::vector<BtrfsChunk> chunks_;
};

}  // namespace drydock::fs
