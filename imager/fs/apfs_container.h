#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/extent.h"
#include "fs/apfs_object.h"
#include "io/block_source.h"

namespace drydock::fs {

// The superblock of an APFS container (Apple File System Reference, "Container").
struct ApfsSuper {
  static constexpr std::size_t kVolumes = 100;
  enum Incompat : std::uint64_t { kVersion1 = 1, kVersion2 = 2, kFusion = 0x100 };

  std::uint64_t xid = 0;
  std::uint32_t block_bytes = 0;
  std::uint64_t blocks = 0;
  std::uint64_t features = 0;
  std::uint64_t ro_compat = 0;
  std::uint64_t incompat = 0;
  std::uint64_t flags = 0;
  std::string uuid;
  bool fusion = false;  // any trace of a second device

  // Both areas as they are stored: a set top bit tells that they are not contiguous.
  std::uint32_t descriptor_blocks = 0;
  std::uint32_t data_blocks = 0;
  std::uint64_t descriptor_base = 0;
  std::uint64_t data_base = 0;
  std::uint32_t descriptor_index = 0;  // where this checkpoint begins
  std::uint32_t descriptor_length = 0;

  std::uint64_t space_manager = 0;                   // ephemeral
  std::uint64_t object_map = 0;                      // a block
  std::vector<std::uint64_t> volumes;                // virtual
  Extent blocked_out, key_locker, media_key_locker;  // in blocks
  std::uint64_t evict_tree = 0;
  std::uint64_t jumpstart = 0;  // a block

  // Nothing when the magic number is missing. Nothing else is checked.
  static std::optional<ApfsSuper> decode(Bytes block);

  // Fails with the reason when a number is out of bounds or a flag unknown.
  Result<void> check(std::uint64_t volume_bytes) const;

  bool inside(std::uint64_t block, std::uint64_t count) const {
    return block < blocks && count <= blocks - block;
  }
};

// A container as its latest checkpoint leaves it.
class ApfsContainer {
 public:
  // Finds the checkpoint. Fails with the reason when there is none that can be trusted.
  static Result<ApfsContainer> open(const io::BlockSource& volume);

  const ApfsSuper& super() const { return super_; }
  // Unmounted after its last change: the copy in block zero is of the latest checkpoint.
  bool clean() const { return clean_; }

  // The object of one block there, its checksum and number verified. `what` names it in a reason.
  Result<std::vector<std::byte>> object(std::uint64_t block, std::string_view what) const {
    return object(block, block, what);
  }
  Result<std::vector<std::byte>> object(std::uint64_t block, std::uint64_t oid,
                                        std::string_view what) const {
    return read(block, super_.block_bytes, oid, what);
  }
  // The same of an ephemeral object, which may take several blocks.
  Result<std::vector<std::byte>> ephemeral(std::uint64_t oid, std::string_view what) const;

 private:
  struct Mapping {
    std::uint64_t oid = 0;
    std::uint64_t block = 0;
    std::uint32_t bytes = 0;
  };

  ApfsContainer(const io::BlockSource& volume, ApfsSuper super)
      : volume_(&volume), super_(std::move(super)) {}
  Result<void> find_latest();
  Result<void> read_mappings();
  Result<bool> read_mapping_block(std::uint64_t block);
  Result<std::vector<std::byte>> read(std::uint64_t block, std::uint64_t bytes, std::uint64_t oid,
                                      std::string_view what) const;

  const io::BlockSource* volume_;
  ApfsSuper super_;
  bool clean_ = false;
  std::vector<Mapping> mappings_;
};

}  // namespace drydock::fs
