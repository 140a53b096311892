#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "fs/hfs_header.h"
#include "io/block_source.h"

namespace drydock::fs {

// The contents of a file, above all of one that HFS Plus itself needs. For one thread; `volume` and
// `header` must outlive it.
class HfsForkReader {
 public:
  static constexpr std::size_t kMost = std::size_t{1} << 20;

  // `name` as in "the catalog file". `window` is how much at() reads at once: less than kMost for
  // what is not read in its order.
  HfsForkReader(const io::BlockSource& volume, const HfsHeader& header, std::string name,
                std::size_t window = kMost)
      : volume_(volume), header_(header), name_(std::move(name)), window_(window) {}

  // The next blocks of the file. They must lie inside the volume.
  Result<void> append(const HfsExtents& extents);

  // Fails unless exactly `fork.blocks` were appended and they hold all its bytes.
  Result<void> complete(const HfsFork& fork);

  // Instead of complete() where much is better than nothing: the file ends where its known blocks
  // do.
  void end_with_blocks(const HfsFork& fork) { bytes_ = std::min(fork.bytes, appended_); }

  // Valid until the next call. `length` is at most kMost.
  Result<Bytes> at(std::uint64_t offset, std::size_t length);

  // Fills `into`, past the window.
  Result<void> read(std::uint64_t offset, MutableBytes into) const;

  const std::string& name() const { return name_; }
  std::uint64_t bytes() const { return bytes_; }
  const std::vector<Extent>& extents() const { return extents_; }  // of the volume, in file order

 private:
  bool has(std::uint64_t offset, std::uint64_t length) const {
    return offset <= bytes_ && length <= bytes_ - offset;
  }
  Result<void> read_blocks(std::uint64_t offset, MutableBytes into) const;

  const io::BlockSource& volume_;
  const HfsHeader& header_;
  std::string name_;
  std::size_t window_;
  std::vector<Extent> extents_;
  std::vector<std::uint64_t> starts_;  // where in the file each extent begins
  std::uint64_t appended_ = 0;         // bytes in extents_
  std::uint64_t bytes_ = 0;

  std::uint64_t held_from_ = 0;
  std::vector<std::byte> held_;
};

}  // namespace drydock::fs
