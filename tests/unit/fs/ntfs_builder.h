// A tiny NTFS volume for the unit tests of the driver.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/extent_map.h"
#include "io/memory_disk.h"
#include "support/ntfs_maker.h"

namespace drydock::test {

// 2048 clusters of 512 bytes and a sector behind them. The master file table of 32 records of 1024
// bytes is in clusters 32 to 95, its copy in 100 to 107, the log in 200 to 231, the bitmap in 300,
// an index block of the root folder in 400 to 407, file 24 in 500 to 509 and, behind a hole, in
// 600.
struct NtfsTestVolume {
  static constexpr std::uint64_t kCluster = 512;
  static constexpr std::uint64_t kClusters = 2048;
  static constexpr std::uint64_t kRecord = 1024;
  static constexpr std::uint64_t kMft = 32;
  static constexpr std::uint64_t kMirror = 100;
  static constexpr std::uint64_t kLog = 200;
  static constexpr std::uint64_t kBitmap = 300;
  static constexpr std::uint64_t kFolderBlock = 400;

  NtfsTestVolume();

  // Records 0 to 3 into the copy too.
  void put(std::uint64_t number, const NtfsRecordMaker& record);
  void use(std::uint64_t first, std::uint64_t count, bool used = true);
  // The $Volume file.
  void put_volume_file(std::uint8_t major, std::uint8_t minor, std::uint16_t flags);
  // One of the two restart pages of the log.
  void put_restart(unsigned page, std::uint64_t sequence, bool clean, std::uint16_t major = 1);
  // Names and records in the root folder's block, in that order, and the block of what comes last.
  void put_root_names(const std::vector<std::pair<std::string, std::uint64_t>>& names,
                      std::optional<std::uint64_t> child = {});
  // A file of the root folder: `name`, in file record 25, with these contents.
  void put_file(const std::string& name, std::string_view contents);

  std::uint8_t& byte(std::uint64_t offset) {
    return reinterpret_cast<std::uint8_t&>(disk.content()[offset]);
  }
  static std::uint64_t record_at(std::uint64_t number) {
    return kMft * kCluster + number * kRecord;
  }

  std::string reason() const;  // why it is kept whole, or nothing
  ExtentMap expected() const;

  io::MemoryDisk disk{(kClusters + 1) * kCluster};
};

}  // namespace drydock::test
