#pragma once

#include <array>
#include <string>

#include "base/bytes.h"
#include "fs/fat_boot.h"

namespace drydock::fs {

// One entry of a folder (Microsoft FAT specification, "FAT Directory Structure").
struct FatEntry {
  static constexpr std::size_t kBytes = 32;
  // Behind `end` there are no more. Dots are "." and "..".
  enum class Kind { end, unused, dots, label, long_name, file, folder };

  Kind kind = Kind::end;
  std::uint32_t first_cluster = 0;
  std::uint32_t bytes = 0;  // 0 for folders

  // `entry` has kBytes, of a volume of this kind.
  static FatEntry decode(Bytes entry, FatBoot::Kind volume);
};

// The 8.3 name of an entry. Its code page stands nowhere: it is taken to be that of the first PCs,
// 437, as Linux does. Empty where there is nothing but spaces.
std::string fat_short_name(Bytes entry);

// Puts a long name together from the entries in front of the one that it names.
class FatLongName {
 public:
  // The next of its pieces, as they stand in the folder: the last one comes first.
  void add(Bytes entry);
  // Anything else but a piece stood there.
  void forget() { pieces_ = 0; }
  // The name, and forgets it. Empty when it is not whole, or belongs to another short name by its
  // checksum, or is none that a file can have.
  std::string take(Bytes short_entry);

 private:
  static constexpr std::size_t kMostPieces = 20;
  static constexpr std::size_t kPieceBytes = 26;

  std::array<std::byte, kMostPieces * kPieceBytes> text_{};
  std::size_t pieces_ = 0;  // of the name; 0: none is being put together
  std::size_t left_ = 0;    // that have not come yet
  std::uint8_t checksum_ = 0;
};

}  // namespace drydock::fs
