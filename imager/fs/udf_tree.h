#pragma once

#include <set>
#include <vector>

#include "core/extent_map.h"
#include "fs/read.h"
#include "fs/udf_volume.h"

namespace drydock::fs {

// The independent witness: files and folders, from the root on, and the blocks that they have.
class UdfTree {
 public:
  // Each entry is a block of its own somewhere on the volume, so that all of a large one would take
  // hours on a slow drive; folders are read before files.
  static constexpr std::uint64_t kMostEntries = 200'000;
  static constexpr std::uint64_t kMostContinuations = 200'000;  // of files in many pieces

  // `in_use`: bytes on the volume. All must outlive this; `udf` has been checked.
  UdfTree(const io::BlockSource& volume, const UdfVolume& udf, const ExtentMap& in_use)
      : volume_(volume), udf_(udf), in_use_(in_use) {}

  // Fails with the reason when something is damaged, not understood, or has blocks that are free.
  Result<void> check();

 private:
  struct Run {
    std::uint32_t block = 0;
    std::uint32_t bytes = 0;
    bool recorded = false;
  };
  struct Entry {
    bool folder = false;
    std::uint64_t length = 0;
    std::vector<std::byte> inside;  // contents that are in the entry itself
    std::vector<Run> runs;          // or where they are, for a folder
  };

  Result<void> check_file_set();
  void enqueue(const UdfAddress& entry, bool folder);
  Result<void> check_entry(std::uint32_t block);
  Result<Entry> read_entry(std::uint32_t block);
  Result<void> read_runs(Entry& entry, Bytes bytes, unsigned kind);
  Result<void> add_run(Entry& entry, const UdfAddress& run, bool recorded);
  Result<void> read_folder(const Entry& entry);
  Result<void> list(Bytes contents);
  Result<std::vector<std::byte>> read(std::uint32_t block, std::uint64_t bytes,
                                      std::string_view name);
  Result<void> claim(std::uint32_t block, std::uint64_t bytes);

  const io::BlockSource& volume_;
  const UdfVolume& udf_;
  const ExtentMap& in_use_;
  std::set<std::uint32_t> seen_;
  std::vector<std::uint32_t> folders_;  // that are to be read
  std::vector<std::uint32_t> files_;
  std::uint64_t continuations_ = 0;
};

}  // namespace drydock::fs
