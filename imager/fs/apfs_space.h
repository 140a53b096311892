#pragma once

#include "fs/apfs_container.h"
#include "fs/read.h"
#include "fs/used_map.h"

namespace drydock::fs {

// The space manager of a container (Apple File System Reference, "Space Manager"): one bitmap for
// each chunk of blocks, found through chunk-info blocks and, in large containers, blocks with the
// addresses of those.
class ApfsSpace {
 public:
  struct Queue {  // of blocks that are given back, but not yet called free
    std::uint64_t blocks = 0;
    std::uint64_t tree = 0;  // ephemeral, 0: none
  };

  // Fails with the reason when a number is out of bounds. `container` must outlive it.
  static Result<ApfsSpace> read(const io::BlockSource& volume, const ApfsContainer& container);

  std::uint64_t free_blocks() const { return free_; }
  // In blocks.
  Extent pool() const { return pool_; }  // where bitmaps and chunk-info blocks are
  Extent pool_bitmaps() const { return pool_bitmaps_; }
  const Queue& queue() const { return queue_; }

  // Keeps every block that is not called free. Fails when any two counts disagree.
  Result<void> map(UsedMap& used);

 private:
  ApfsSpace(const io::BlockSource& volume, const ApfsContainer& container)
      : container_(container), bitmaps_(volume) {}
  Result<void> decode();
  Result<void> check_layout(const ByteReader& f);
  Result<void> map_cab(std::uint32_t index, UsedMap& used);
  Result<void> map_cib(std::uint64_t block, UsedMap& used);
  Result<void> map_chunk(const ByteReader& info, UsedMap& used);
  Result<std::vector<std::byte>> in_pool(std::uint64_t block, ApfsObject::Type type,
                                         std::uint32_t index, std::string_view what) const;
  std::uint64_t address(std::uint32_t index) const {
    return ByteReader(manager_).le64(addresses_at_ + std::size_t{8} * index);
  }
  const ApfsSuper& super() const { return container_.super(); }
  bool is_in_pool(std::uint64_t block) const {
    return block >= pool_.offset && block - pool_.offset < pool_.length;
  }

  const ApfsContainer& container_;
  Window bitmaps_;
  std::vector<std::byte> manager_;
  std::uint64_t free_ = 0;
  Extent pool_, pool_bitmaps_;
  Queue queue_;
  std::uint64_t chunks_ = 0;
  std::uint32_t cibs_ = 0;
  std::uint32_t cabs_ = 0;
  std::uint32_t addresses_at_ = 0;
  std::uint32_t chunks_per_cib_ = 0;
  std::uint32_t cibs_per_cab_ = 0;

  std::uint64_t chunks_seen_ = 0;
  std::uint32_t cibs_seen_ = 0;
  std::uint64_t free_seen_ = 0;
};

}  // namespace drydock::fs
