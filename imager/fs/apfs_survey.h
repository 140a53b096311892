#pragma once

#include "core/extent_map.h"
#include "fs/apfs_space.h"
#include "fs/apfs_tree.h"
#include "fs/apfs_volumes.h"

namespace drydock::fs {

// One run over a container. Both must outlive it.
class ApfsSurvey {
 public:
  ApfsSurvey(const io::BlockSource& volume, const ApfsContainer& container)
      : volume_(volume), container_(container), super_(container.super()) {}

  // The blocks that the space manager does not call free, after every structure has agreed.
  Result<ExtentMap> run();

 private:
  Result<void> check_areas(const ApfsSpace& space);
  Result<void> check_jumpstart();
  Result<void> walk_queue(const ApfsSpace::Queue& queue);
  Result<void> walk_volume(const ApfsVolume& volume);
  Result<void> walk_object_map(std::uint64_t block,
                               const std::function<void(const ApfsMapping&)>& visit);
  Result<void> walk_extents(std::uint64_t tree);
  Result<void> walk_snapshots(const ApfsVolume& volume);
  Result<void> walk_file_extents(std::uint64_t tree);
  Result<void> walk(std::uint64_t root, ApfsObject::Type subtype, std::string_view name,
                    const ApfsTree::Visit& visit);
  Result<void> must_be_used(std::uint64_t block, std::uint64_t count, std::string_view what) const;

  const io::BlockSource& volume_;
  const ApfsContainer& container_;
  const ApfsSuper& super_;
  ExtentMap used_;
  std::uint64_t counted_ = 0;    // blocks of the volume that is being walked
  std::uint64_t allocated_ = 0;  // of all volumes, by their own counts
};

}  // namespace drydock::fs
