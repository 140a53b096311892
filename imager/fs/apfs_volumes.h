#pragma once

#include <string>

#include "fs/apfs_container.h"
#include "fs/apfs_tree.h"

namespace drydock::fs {

// The superblock of a volume in a container (Apple File System Reference, "Volumes").
struct ApfsVolume {
  std::uint64_t features = 0;
  std::uint64_t ro_compat = 0;
  std::uint64_t incompat = 0;
  std::string name;
  std::uint64_t allocated = 0;  // blocks, by its own count
  std::uint64_t snapshots = 0;
  std::uint64_t object_map = 0;  // a block, as are the trees
  std::uint64_t extent_tree = 0;
  std::uint64_t snapshot_tree = 0;
  std::uint64_t file_extent_tree = 0;  // of sealed volumes, 0: none
  bool trees_physical = false;
  bool reverting = false;
  bool encrypting = false;

  static std::optional<ApfsVolume> decode(Bytes block);
  // Fails with the reason when it has a flag that is not known, or is amid a change.
  Result<void> check() const;
};

// Where an object map says that objects are (Apple File System Reference, "Object Maps").
struct ApfsObjectMap {
  std::uint64_t tree = 0;  // blocks
  std::uint64_t snapshot_tree = 0;

  static Result<ApfsObjectMap> read(const ApfsContainer& container, std::uint64_t block);
};

struct ApfsMapping {
  std::uint64_t oid = 0;
  std::uint64_t xid = 0;
  std::uint64_t block = 0;
  std::uint64_t blocks = 0;
  bool deleted = false;

  static Result<ApfsMapping> decode(const ByteReader& key, const ByteReader& value,
                                    std::uint32_t block_bytes);
};

// Looks for the newest superblock of every volume among the mappings of the container's map.
class ApfsVolumeFinder {
 public:
  explicit ApfsVolumeFinder(const ApfsSuper& super) : super_(super), found_(super.volumes.size()) {}
  void look_at(const ApfsMapping& mapping);
  // Fails when one of them is missing.
  Result<std::vector<ApfsVolume>> read(const ApfsContainer& container) const;

 private:
  const ApfsSuper& super_;
  std::vector<ApfsMapping> found_;  // in the order of super_.volumes
};

}  // namespace drydock::fs
