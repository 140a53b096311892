#pragma once

#include <vector>

#include "io/block_source.h"

namespace drydock::fs {

// A block whose newest version stands in a journal.
struct JournalledBlock {
  std::uint64_t block = 0;  // where it belongs
  std::uint64_t copy = 0;   // block in which it stands
  bool escaped = false;     // its first four bytes were the journal's magic number, and zeroed
};

// A volume as it will be once its journal has been replayed; nothing is written. The volume must
// outlive it.
class ReplayedSource : public io::BlockSource {
 public:
  // `blocks` sorted, none twice, all of them inside the volume.
  ReplayedSource(const io::BlockSource& volume, std::uint32_t block_bytes,
                 std::vector<JournalledBlock> blocks)
      : volume_(volume), block_bytes_(block_bytes), blocks_(std::move(blocks)) {}

  const Geometry& geometry() const override { return volume_.geometry(); }
  std::string name() const override { return volume_.name(); }
  Result<void> read_at(std::uint64_t offset, MutableBytes into) const override;
  std::size_t replaced() const { return blocks_.size(); }

 private:
  Result<void> read_copy(const JournalledBlock& from, std::uint64_t offset,
                         MutableBytes into) const;

  const io::BlockSource& volume_;
  std::uint32_t block_bytes_;
  std::vector<JournalledBlock> blocks_;
};

}  // namespace drydock::fs
