#pragma once

#include "fs/f2fs_checkpoint.h"
#include "fs/f2fs_super.h"
#include "fs/read.h"

namespace drydock::fs {

// A table of which every block is there twice, the copies at two places.
class F2fsTable {
 public:
  // All must outlive this.
  static F2fsTable sit(const io::BlockSource& volume, const F2fsSuper& super,
                       const F2fsCheckpoint& checkpoint) {
    return {volume, super.sit, super.sit_blocks(), super.sit_blocks(), checkpoint.sit_versions};
  }
  // The copies of the NAT lie in turns, a segment each.
  static F2fsTable nat(const io::BlockSource& volume, const F2fsSuper& super,
                       const F2fsCheckpoint& checkpoint) {
    return {volume, super.nat, kF2fsSegment, super.nat_blocks(), checkpoint.nat_versions};
  }

  std::uint64_t blocks() const { return blocks_; }

  // The copy of a block that counts; valid until the next call.
  Result<Bytes> block(std::uint64_t number) {
    const bool second = f2fs_bit(second_, number);
    const std::uint64_t at = start_ + number + number / run_ * run_ + (second ? run_ : 0);
    return (second ? windows_[1] : windows_[0]).at(at * kF2fsBlock, kF2fsBlock);
  }

 private:
  F2fsTable(const io::BlockSource& volume, std::uint64_t start, std::uint64_t run,
            std::uint64_t blocks, Bytes second)
      : windows_{Window(volume), Window(volume)},
        start_(start),
        run_(run),
        blocks_(blocks),
        second_(second) {}

  std::array<Window, 2> windows_;
  std::uint64_t start_;
  std::uint64_t run_;  // blocks of one copy before those of the other
  std::uint64_t blocks_;
  Bytes second_;
};

}  // namespace drydock::fs
