#pragma once

#include "fs/hfs_fork.h"
#include "fs/hfs_tree.h"

namespace drydock::fs {

// One run over an HFS Plus volume whose header has been checked. Both must outlive it.
class HfsSurvey {
 public:
  HfsSurvey(const io::BlockSource& volume, const HfsHeader& header);

  // The blocks that the allocation file calls used, after every structure has agreed.
  Result<ExtentMap> run();

 private:
  Result<void> gather(std::uint32_t file_id, HfsForkReader& file);
  Result<ExtentMap> map_allocation();
  Result<void> check_boot_blocks();
  Result<void> check_journal();
  Result<void> walk_overflow();
  Result<void> walk_catalog();
  Result<void> walk_attributes();

  Result<void> overflow_record(const ByteReader& key, const ByteReader& data);
  Result<void> catalog_record(const ByteReader& data);
  Result<void> attribute_record(const ByteReader& data);
  Result<void> count_fork(Bytes fork, std::uint32_t file_id);
  Result<void> must_be_used(const HfsExtents& extents, std::string_view owner);
  HfsForkReader* special(std::uint32_t file_id);

  const io::BlockSource& volume_;
  const HfsHeader& header_;
  HfsForkReader overflow_, allocation_, catalog_, attributes_, startup_;
  ExtentMap used_;
  // Of all files that are not special: how many blocks their forks claim and their extents hold.
  std::uint64_t claimed_ = 0;
  std::uint64_t held_ = 0;
  std::uint64_t attributes_claimed_ = 0;
  std::uint64_t attributes_held_ = 0;
};

}  // namespace drydock::fs
