// File records of NTFS, built attribute by attribute.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "fs/ntfs_record.h"

namespace drydock::test {

using NtfsRuns = std::vector<fs::NtfsRun>;

// Runs one behind the other; a first cluster of 0 is a hole.
NtfsRuns ntfs_runs(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& first_and_count,
                   std::uint64_t vcn = 0);

// A file record in the making. Its numbers may be changed before it is sealed.
class NtfsRecordMaker {
 public:
  explicit NtfsRecordMaker(std::size_t bytes = 1024);
  // With the header of another record (after its update sequence was applied), but no attributes.
  static NtfsRecordMaker like(Bytes record);

  NtfsRecordMaker& resident(std::uint32_t type, Bytes value, std::string_view name = {});
  // `size` is told only where the runs begin at 0.
  NtfsRecordMaker& runs(std::uint32_t type, const NtfsRuns& runs, std::uint64_t size,
                        std::string_view name = {}, std::uint16_t flags = 0);
  // One of another record, as it is but for its instance.
  NtfsRecordMaker& copy(Bytes attribute);
  NtfsRecordMaker& in_use(std::uint16_t flags);  // 1: in use, 3: a folder
  NtfsRecordMaker& base(std::uint64_t record);

  std::size_t end() const { return end_; }  // where the next attribute goes
  std::uint16_t next_instance() const { return instance_; }
  bool fits(std::size_t attribute_bytes) const {
    return end_ + attribute_bytes + 8 <= bytes_.size();
  }
  MutableBytes bytes() { return bytes_; }
  std::vector<std::byte> sealed() const;  // with its update sequence

 private:
  std::size_t attribute(std::uint32_t type, std::string_view name, std::size_t header,
                        std::size_t value);
  std::vector<std::byte> bytes_;
  std::size_t end_ = 0x38;
  std::uint16_t instance_ = 0;
};

// Puts the update sequence into a record of any kind: its place and length stand in bytes 4 to 7.
void protect_ntfs(MutableBytes record);

std::vector<std::byte> utf16_of(std::string_view ascii);

}  // namespace drydock::test
